using Cluster.Node.Resp.Protocol;

namespace Cluster.Node.Resp.Commands;

/// <summary>CLIENT KILL: ends connections of this node, by address or by filters that must all hold.</summary>
internal static class ClientKill
{
    public static CommandCall Handle(RespSession session, in RespArguments arguments)
    {
        if (arguments.Count == 3)
        {
            return Old(session, arguments.Text(2));
        }

        var filter = new Filter { SkipMe = true };
        for (var i = 2; i < arguments.Count; i += 2)
        {
            if (i + 1 == arguments.Count)
            {
                return CommandCall.Error(ErrorReplies.Syntax);
            }

            if (Read(arguments, i, ref filter) is { } error)
            {
                return CommandCall.Error(error);
            }
        }

        var killed = 0;
        var closes = false;
        foreach (var other in session.Server.Sessions.Values)
        {
            if (!filter.Holds(other) || (filter.SkipMe && other == session))
            {
                continue;
            }

            killed++;
            closes |= other == session;
            if (other != session)
            {
                other.Kill();
            }
        }

        var reply = RespValue.Integer(killed);
        return closes ? CommandCall.Last(reply) : reply;
    }

    /// <summary>CLIENT KILL ip:port, as Redis had it first: may be the client itself.</summary>
    private static CommandCall Old(RespSession session, string address)
    {
        foreach (var other in session.Server.Sessions.Values)
        {
            if (other.Remote != address)
            {
                continue;
            }

            if (other == session)
            {
                return CommandCall.Last(RespValue.Ok);
            }

            other.Kill();
            return RespValue.Ok;
        }

        return CommandCall.Error("ERR No such client");
    }

    private static string? Read(in RespArguments arguments, int index, ref Filter filter)
    {
        var value = arguments.Text(index + 1);
        if (arguments.Is(index, "ID"u8))
        {
            filter.Id = arguments.TryInteger(index + 1, out var id) && id > 0 ? id : null;
            return filter.Id is null ? "ERR client-id should be greater than 0" : null;
        }

        if (arguments.Is(index, "ADDR"u8))
        {
            filter.Remote = value;
        }
        else if (arguments.Is(index, "LADDR"u8))
        {
            filter.Local = value;
        }
        else if (arguments.Is(index, "USER"u8))
        {
            return value == "default" ? null : $"ERR No such user '{value}'";
        }
        else if (arguments.Is(index, "SKIPME"u8) && (arguments.Is(index + 1, "yes"u8) || arguments.Is(index + 1, "no"u8)))
        {
            filter.SkipMe = arguments.Is(index + 1, "yes"u8);
        }
        else if (arguments.Is(index, "TYPE"u8))
        {
            filter.Type = ClientCommands.IsClientType(arguments[index + 1]) ? value.ToLowerInvariant() : null;
            return filter.Type is null ? $"ERR Unknown client type '{value}'" : null;
        }
        else
        {
            return ErrorReplies.Syntax;
        }

        return null;
    }

    private struct Filter
    {
        public long? Id;
        public string? Remote;
        public string? Local;
        public string? Type;
        public bool SkipMe;

        public readonly bool Holds(RespSession session) =>
            (Id is null || Id == session.Id) && (Remote is null || Remote == session.Remote) && (Local is null || Local == session.Local) && (Type is null || Type == ClientCommands.TypeOf(session));
    }
}
