using Cluster.Node.Resp.Databases;
using Cluster.Node.Resp.Protocol;

namespace Cluster.Node.Resp.Commands;

/// <summary>Commands on the connection itself. They take effect for what is sent after them, at once, also in a pipeline.</summary>
internal static class ConnectionCommands
{
    public static CommandCall Ping(RespSession session, in RespArguments arguments) => arguments.Count switch
    {
        1 or 2 when session.Protocol == 2 && session.IsSubscribed => RespValue.Array(RespValue.Bulk("pong"), arguments.Count == 2 ? RespValue.Bulk(arguments.Value(1)) : RespValue.Bulk("")),
        1 => RespValue.Pong,
        2 => RespValue.Bulk(arguments.Value(1)),
        _ => CommandCall.Error(ErrorReplies.WrongArity("ping")),
    };

    public static CommandCall Reset(RespSession session, in RespArguments arguments)
    {
        session.Reset();
        return RespValue.Simple("RESET");
    }

    /// <summary>0 is the engine's own store; the others are storage modes, by the number that the mode has. Each SELECT begins a session there.</summary>
    public static CommandCall Select(RespSession session, in RespArguments arguments)
    {
        if (!arguments.TryInteger(1, out var number) || number is < int.MinValue or > int.MaxValue)
        {
            return CommandCall.Error(ErrorReplies.NotAnInteger);
        }

        var database = session.Server.Databases.Find(number);
        if (number != 0 && database is null)
        {
            return CommandCall.Error("ERR DB index is out of range");
        }

        session.OnMode = database is null ? null : new ModeConnection(database, session.Server);
        return RespValue.Ok;
    }

    public static CommandCall Authenticate(RespSession session, in RespArguments arguments)
    {
        if (arguments.Count > 3)
        {
            return CommandCall.Error(ErrorReplies.Syntax);
        }

        if (arguments.Count == 2 && session.Server.Node.RespPassword is null)
        {
            return CommandCall.Error("ERR AUTH <password> called without any password configured for the default user. Are you sure your configuration is correct?");
        }

        var user = arguments.Count == 3 ? arguments[1] : "default"u8;
        return TryAuthenticate(session, user, arguments[arguments.Count - 1]) ?? RespValue.Ok;
    }

    public static CommandCall Hello(RespSession session, in RespArguments arguments)
    {
        var protocol = session.Protocol;
        if (arguments.Count > 1)
        {
            if (!arguments.TryInteger(1, out var asked))
            {
                return CommandCall.Error("ERR Protocol version is not an integer or out of range");
            }

            if (asked is not (2 or 3))
            {
                return CommandCall.Error("NOPROTO unsupported protocol version");
            }

            protocol = (int)asked;
        }

        string? name = null;
        for (var i = 2; i < arguments.Count; i++)
        {
            if (arguments.Is(i, "AUTH"u8) && i + 2 < arguments.Count)
            {
                if (TryAuthenticate(session, arguments[i + 1], arguments[i + 2]) is { } refused)
                {
                    return refused;
                }

                i += 2;
            }
            else if (arguments.Is(i, "SETNAME"u8) && i + 1 < arguments.Count)
            {
                name = arguments.Text(++i);
                if (!ClientCommands.IsClientName(name))
                {
                    return CommandCall.Error(ClientCommands.BadClientName);
                }
            }
            else
            {
                return CommandCall.Error($"ERR Syntax error in HELLO option '{arguments.Text(i)}'");
            }
        }

        if (!session.Authenticated)
        {
            return CommandCall.Error(
                "NOAUTH HELLO must be called with the client already authenticated, otherwise the HELLO <proto> AUTH <user> <pass> option can be used to authenticate the client and select the RESP protocol version at the same time");
        }

        session.Name = name ?? session.Name;
        session.Protocol = protocol;
        if (protocol != 3)
        {
            session.Events?.Stop();
        }

        return Greeting(session);
    }

    private static RespValue Greeting(RespSession session) => RespValue.Map(
        RespValue.Bulk("server"), RespValue.Bulk("redis"),
        RespValue.Bulk("version"), RespValue.Bulk(ServerCommands.RedisVersion),
        RespValue.Bulk("proto"), RespValue.Integer(session.Protocol),
        RespValue.Bulk("id"), RespValue.Integer(session.Id),
        RespValue.Bulk("mode"), RespValue.Bulk(ServerCommands.Mode(session.Server)),
        RespValue.Bulk("role"), RespValue.Bulk("master"),
        RespValue.Bulk("modules"), RespValue.EmptyArray);

    /// <summary>Null when user and password are right. Who is wrong too often loses the connection, and is not judged for a while.</summary>
    private static CommandCall? TryAuthenticate(RespSession session, ReadOnlySpan<byte> user, ReadOnlySpan<byte> password)
    {
        var server = session.Server;
        if (server.Password is not null && server.Failures.WaitOf(session.Address) is not null)
        {
            return CommandCall.Last(RespValue.Error("ERR too many wrong passwords from this address, try again later"));
        }

        var right = user.SequenceEqual("default"u8) & server.Password?.Is(password) != false;
        session.Authenticated |= right;
        if (right)
        {
            return null;
        }

        var wrong = RespValue.Error("WRONGPASS invalid username-password pair or user is disabled.");
        if (server.Password is null)
        {
            return wrong;
        }

        server.Failures.Count(session.Address);
        return ++session.WrongPasswords >= server.Options.MaxWrongPasswords ? CommandCall.Last(wrong) : wrong;
    }
}
