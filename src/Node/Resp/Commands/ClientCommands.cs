using System.Globalization;
using System.Text;
using Cluster.Engine.Port;
using Cluster.Node.Resp.Protocol;
using Cluster.Shared.Wire;

namespace Cluster.Node.Resp.Commands;

/// <summary>CLIENT: who is connected, and how this connection wants to be served; with CONSISTENCY, which Redis has not.</summary>
internal static class ClientCommands
{
    public const string BadClientName = "ERR Client names cannot contain spaces, newlines or special characters.";

    public static CommandCall GetName(RespSession session, in RespArguments arguments) => session.Name.Length == 0 ? RespValue.Null : RespValue.Bulk(session.Name);

    public static CommandCall Info(RespSession session, in RespArguments arguments) => RespValue.Verbatim(Describe(session));

    /// <summary>A name has no blanks, so that CLIENT LIST can be split at them.</summary>
    public static bool IsClientName(string name)
    {
        foreach (var letter in name)
        {
            if (letter is < '!' or > '~')
            {
                return false;
            }
        }

        return true;
    }

    public static CommandCall SetName(RespSession session, in RespArguments arguments)
    {
        var name = arguments.Text(2);
        if (!IsClientName(name))
        {
            return CommandCall.Error(BadClientName);
        }

        session.Name = name;
        return RespValue.Ok;
    }

    public static CommandCall SetInfo(RespSession session, in RespArguments arguments)
    {
        var text = arguments.Text(3);
        if (arguments.Is(2, "LIB-NAME"u8))
        {
            if (!IsClientName(text))
            {
                return CommandCall.Error("ERR lib-name cannot contain spaces, newlines or special characters.");
            }

            session.LibraryName = text;
            return RespValue.Ok;
        }

        if (!arguments.Is(2, "LIB-VER"u8))
        {
            return CommandCall.Error($"ERR Unrecognized option '{arguments.Text(2)}'");
        }

        if (!IsClientName(text))
        {
            return CommandCall.Error("ERR lib-ver cannot contain spaces, newlines or special characters.");
        }

        session.LibraryVersion = text;
        return RespValue.Ok;
    }

    public static CommandCall Reply(RespSession session, in RespArguments arguments)
    {
        if (arguments.Is(2, "ON"u8))
        {
            session.Replies = ReplyMode.On;
            session.SkipsReply = false;
            return RespValue.Ok;
        }

        if (arguments.Is(2, "OFF"u8))
        {
            session.Replies = ReplyMode.Off;
            return RespValue.Ok; // Not sent: the mode holds for this reply already.
        }

        if (!arguments.Is(2, "SKIP"u8))
        {
            return CommandCall.Error(ErrorReplies.Syntax);
        }

        session.Replies = session.Replies == ReplyMode.Off ? ReplyMode.Off : ReplyMode.SkipNext;
        return RespValue.Ok;
    }

    public static CommandCall OnOrOff(RespSession session, in RespArguments arguments) =>
        arguments.Is(2, "ON"u8) || arguments.Is(2, "OFF"u8) ? RespValue.Ok : CommandCall.Error(ErrorReplies.Syntax);

    public static CommandCall Consistency(RespSession session, in RespArguments arguments)
    {
        if (arguments.Count == 2)
        {
            return RespValue.Bulk(Name(session.Consistency));
        }

        foreach (var consistency in Enum.GetValues<ReadConsistency>())
        {
            if (arguments.Count == 3 && string.Equals(arguments.Text(2), Name(consistency), StringComparison.OrdinalIgnoreCase))
            {
                session.Consistency = consistency;
                return RespValue.Ok;
            }
        }

        return CommandCall.Error("ERR CLIENT CONSISTENCY takes one of linearizable, lease, stale");
    }

    /// <summary>
    /// CLIENT TRACKING promises to tell of every write to a key that was read. A node hears of writes to the shards it holds replicas of, late when it is cut off,
    /// and of others not at all: so this promise is not made.
    /// </summary>
    public static CommandCall Tracking(RespSession session, in RespArguments arguments) =>
        WrongInTracking(session, arguments) is { } wrong ? CommandCall.Error(wrong)
        : arguments.Is(2, "OFF"u8) ? RespValue.Ok
        : arguments.Is(2, "ON"u8) ? CommandCall.Error("ERR client-side caching is not served: a node that is cut off, or holds no replica of a key, would not hear that the key changed")
        : CommandCall.Error(ErrorReplies.Syntax);

    /// <summary>What is wrong with the options, in Redis's words; null when nothing is.</summary>
    private static string? WrongInTracking(RespSession session, in RespArguments arguments)
    {
        for (var i = 3; i < arguments.Count; i++)
        {
            if (arguments.Is(i, "REDIRECT"u8) && i + 1 < arguments.Count)
            {
                if (!arguments.TryInteger(++i, out var client))
                {
                    return ErrorReplies.NotAnInteger;
                }

                if (!session.Server.Sessions.ContainsKey(client))
                {
                    return "ERR The client ID you want redirect to does not exist";
                }
            }
            else if (arguments.Is(i, "PREFIX"u8) && i + 1 < arguments.Count)
            {
                i++;
            }
            else if (!arguments.Is(i, "BCAST"u8) && !arguments.Is(i, "OPTIN"u8) && !arguments.Is(i, "OPTOUT"u8) && !arguments.Is(i, "NOLOOP"u8))
            {
                return ErrorReplies.Syntax;
            }
        }

        return null;
    }

    public static CommandCall TrackingInfo(RespSession session, in RespArguments arguments) => RespValue.Map(
        RespValue.Bulk("flags"), RespValue.Set(RespValue.Bulk("off")),
        RespValue.Bulk("redirect"), RespValue.Integer(-1),
        RespValue.Bulk("prefixes"), RespValue.EmptyArray);

    private static string Name(ReadConsistency consistency) => consistency switch
    {
        ReadConsistency.Lease => "lease",
        ReadConsistency.Stale => "stale",
        _ => "linearizable",
    };

    /// <summary>Redis's words for kinds of connections; those here are normal, or pubsub once they subscribe.</summary>
    public static bool IsClientType(ReadOnlySpan<byte> type) => Ascii.EqualsIgnoreCase(type, "normal"u8) || Ascii.EqualsIgnoreCase(type, "master"u8)
        || Ascii.EqualsIgnoreCase(type, "replica"u8) || Ascii.EqualsIgnoreCase(type, "slave"u8) || Ascii.EqualsIgnoreCase(type, "pubsub"u8);

    public static string TypeOf(RespSession session) => session.IsSubscribed ? "pubsub" : "normal";

    public static CommandCall List(RespSession session, in RespArguments arguments)
    {
        if (arguments.Count == 2)
        {
            return Lines(session.Server.Sessions.Values);
        }

        if (arguments.Is(2, "TYPE"u8) && arguments.Count == 4)
        {
            var type = arguments.Text(3).ToLowerInvariant();
            return IsClientType(arguments[3]) ? Lines(session.Server.Sessions.Values.Where(other => TypeOf(other) == type))
                : CommandCall.Error($"ERR Unknown client type '{arguments.Text(3)}'");
        }

        if (!arguments.Is(2, "ID"u8) || arguments.Count < 4)
        {
            return CommandCall.Error(ErrorReplies.Syntax);
        }

        var chosen = new List<RespSession>();
        for (var i = 3; i < arguments.Count; i++)
        {
            if (!arguments.TryInteger(i, out var id) || id < 0)
            {
                return CommandCall.Error("ERR Invalid client ID");
            }

            if (session.Server.Sessions.TryGetValue(id, out var found))
            {
                chosen.Add(found);
            }
        }

        return Lines(chosen);
    }

    private static RespValue Lines(IEnumerable<RespSession> sessions)
    {
        var text = new StringBuilder();
        foreach (var session in sessions.OrderBy(session => session.Id))
        {
            text.Append(Describe(session));
        }

        return RespValue.Verbatim(text.ToString());
    }

    private static string Describe(RespSession session)
    {
        var time = session.Server.Time;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"id={session.Id} addr={session.Remote} laddr={session.Local} fd=-1 name={session.Name} age={(long)time.GetElapsedTime(session.OpenedAt).TotalSeconds} idle={(long)time.GetElapsedTime(session.LastCommandAt).TotalSeconds} flags={(session.IsSubscribed ? "P" : "N")} db={session.OnMode?.Database.Number ?? 0} sub={session.CountSubscriptions(TopicKind.Topic)} psub={session.CountSubscriptions(TopicKind.Pattern)} ssub={session.CountSubscriptions(TopicKind.Sharded)} multi={session.Transaction?.Count ?? -1} watch={session.Watched.Count} qbuf=0 qbuf-free=0 argv-mem=0 multi-mem=0 rbs=0 rbp=0 obl=0 oll=0 omem=0 tot-mem=0 events=r cmd={session.LastCommand} user=default redir=-1 resp={session.Protocol} lib-name={session.LibraryName} lib-ver={session.LibraryVersion} consistency={Name(session.Consistency)}\n");
    }
}
