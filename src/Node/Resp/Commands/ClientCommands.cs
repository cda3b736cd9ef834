using System.Globalization;
using System.Text;
using Cluster.Node.Resp.Protocol;
using Cluster.Shared.Wire;

namespace Cluster.Node.Resp.Commands;

/// <summary>CLIENT: who is connected, and how this connection wants to be served; with CONSISTENCY, which Redis has not.</summary>
internal static class ClientCommands
{
    public const string BadClientName = "ERR Client names cannot contain spaces, newlines or special characters.";

    private const CommandFlags Plain = CommandFlags.Loading | CommandFlags.Stale;

    public static readonly CommandSpec Container = CommandContainer.Create("client", "connection", "2.4.0", "Commands on client connections.",
    [
        Sub("id", 2, "5.0.0", "This connection's number.", (RespSession s, in RespArguments _) => RespValue.Integer(s.Id)),
        Sub("getname", 2, "2.6.9", "This connection's name.", (RespSession s, in RespArguments _) => s.Name.Length == 0 ? RespValue.Null : RespValue.Bulk(s.Name)),
        Sub("setname", 3, "2.6.9", "<name>: names this connection.", SetName),
        Sub("info", 2, "6.2.0", "This connection in one line.", (RespSession s, in RespArguments _) => RespValue.Verbatim(Describe(s))),
        Sub("list", -2, "2.4.0", "[TYPE NORMAL|MASTER|REPLICA|PUBSUB] [ID id ...]: all connections, a line each.", List),
        Sub("setinfo", 4, "7.2.0", "LIB-NAME|LIB-VER <text>: which library speaks.", SetInfo),
        Sub("reply", 3, "3.2.0", "ON|OFF|SKIP: whether replies are sent.", Reply),
        Sub("no-evict", 3, "7.0.0", "ON|OFF: accepted; connections are never evicted here.", OnOrOff),
        Sub("no-touch", 3, "7.2.0", "ON|OFF: accepted; nothing here depends on when a key was last used.", OnOrOff),
        Sub("consistency", -2, "cluster-lab", "[LINEARIZABLE|LEASE|STALE]: what this connection's reads may see; without an argument, tells it.", Consistency),
    ]);

    private static CommandSpec Sub(string name, int arity, string since, string summary, CommandHandler handler) =>
        CommandSpec.Keyless("client|" + name, arity, Plain, "connection", since, summary, handler);

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

    private static CommandCall SetName(RespSession session, in RespArguments arguments)
    {
        var name = arguments.Text(2);
        if (!IsClientName(name))
        {
            return CommandCall.Error(BadClientName);
        }

        session.Name = name;
        return RespValue.Ok;
    }

    private static CommandCall SetInfo(RespSession session, in RespArguments arguments)
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

    private static CommandCall Reply(RespSession session, in RespArguments arguments)
    {
        if (arguments.Is(2, "ON"u8))
        {
            session.Replies = ReplyMode.On;
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

    private static CommandCall OnOrOff(RespSession session, in RespArguments arguments) =>
        arguments.Is(2, "ON"u8) || arguments.Is(2, "OFF"u8) ? RespValue.Ok : CommandCall.Error(ErrorReplies.Syntax);

    private static CommandCall Consistency(RespSession session, in RespArguments arguments)
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

    private static string Name(ReadConsistency consistency) => consistency switch
    {
        ReadConsistency.Lease => "lease",
        ReadConsistency.Stale => "stale",
        _ => "linearizable",
    };

    private static CommandCall List(RespSession session, in RespArguments arguments)
    {
        if (arguments.Count == 2)
        {
            return Lines(session.Server.Sessions.Values);
        }

        if (arguments.Is(2, "TYPE"u8) && arguments.Count == 4)
        {
            return arguments.Is(3, "normal"u8) ? Lines(session.Server.Sessions.Values)
                : arguments.Is(3, "master"u8) || arguments.Is(3, "replica"u8) || arguments.Is(3, "slave"u8) || arguments.Is(3, "pubsub"u8) ? RespValue.Verbatim("")
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
            $"id={session.Id} addr={session.Remote} laddr={session.Local} fd=-1 name={session.Name} age={(long)time.GetElapsedTime(session.OpenedAt).TotalSeconds} idle={(long)time.GetElapsedTime(session.LastCommandAt).TotalSeconds} flags=N db=0 sub=0 psub=0 ssub=0 multi=-1 qbuf=0 qbuf-free=0 argv-mem=0 multi-mem=0 rbs=0 rbp=0 obl=0 oll=0 omem=0 tot-mem=0 events=r cmd={session.LastCommand} user=default redir=-1 resp={session.Protocol} lib-name={session.LibraryName} lib-ver={session.LibraryVersion} consistency={Name(session.Consistency)}\n");
    }
}
