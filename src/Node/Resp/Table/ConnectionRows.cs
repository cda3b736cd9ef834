using Cluster.Node.Resp.Commands;
using Cluster.Node.Resp.Databases;
using Cluster.Node.Resp.Protocol;
using static Cluster.Node.Resp.Table.CommandFlags;

namespace Cluster.Node.Resp.Table;

/// <summary>The table's commands on the connection itself.</summary>
internal static class ConnectionRows
{
    private const CommandFlags Opening = NoScript | Loading | Stale | Fast | NoAuth | AllowBusy;
    private const CommandFlags Own = NoScript | Loading | Stale;

    public static readonly IReadOnlyList<CommandSpec> All = CommandRows.InGroup("connection", CommandCategories.Connection,
    [
        new("ping", -1, Fast, "1.0.0", "O(1)", "Answers PONG, or with what was given.", ConnectionCommands.Ping)
        {
            Syntax = "[message]", Tips = ["request_policy:all_shards", "response_policy:all_succeeded"],
        },
        new("echo", 2, Loading | Stale | Fast, "1.0.0", "O(1)", "Answers with what was given.", (RespSession _, in RespArguments a) => RespValue.Bulk(a.Value(1))) { Syntax = "message" },
        new("hello", -1, Opening, "6.0.0", "O(1)", "Chooses RESP2 or RESP3, gives the password, names the connection.", ConnectionCommands.Hello)
        {
            Syntax = "[arguments=(protover:integer [AUTH username_password=(username password)] [SETNAME clientname])]",
        },
        new("auth", -2, Opening, "1.0.0", "O(1)", "Gives the password.", ConnectionCommands.Authenticate) { Syntax = "[username] password" },
        new("quit", -1, Opening, "1.0.0", "O(1)", "Closes the connection after answering.", (RespSession _, in RespArguments _) => CommandCall.Last(RespValue.Ok)),
        new("reset", 1, Opening, "6.2.0", "O(1)", "Makes the connection as it was when new.", ConnectionCommands.Reset),
        new("select", 2, Loading | Stale | Fast, "1.0.0", "O(1)", "Chooses a database: 0 is the engine's own store, others are storage modes.", ConnectionCommands.Select) { Syntax = "index:integer" },
        CommandRows.Container("client", "connection", CommandCategories.Connection, "2.4.0", "5.0.0", "Commands on client connections.",
            new("client|id", 2, Own, "5.0.0", "O(1)", "Answers with this connection's number.", (RespSession s, in RespArguments _) => RespValue.Integer(s.Id)),
            new("client|getname", 2, Own, "2.6.9", "O(1)", "Answers with this connection's name.", ClientCommands.GetName),
            new("client|setname", 3, Own, "2.6.9", "O(1)", "Names this connection.", ClientCommands.SetName) { Syntax = "connection-name" },
            new("client|info", 2, Own, "6.2.0", "O(1)", "Answers with this connection in one line.", ClientCommands.Info) { Tips = ["nondeterministic_output"] },
            new("client|list", -2, Admin | Own, "2.4.0", "O(N) where N is the number of connections.", "Answers with all connections of this node, a line each.", ClientCommands.List)
            {
                Syntax = "[TYPE normal_master_replica_pubsub=<NORMAL | MASTER | REPLICA | PUBSUB>] [ID id=(client-id:integer...)]", Tips = ["nondeterministic_output"],
            },
            new("client|kill", -3, Admin | Own, "2.4.0", "O(N) where N is the number of connections.", "Ends connections of this node.", ClientKill.Handle)
            {
                Syntax = "filter=<address | new-format=<ID client-id:integer | TYPE normal_master_slave_pubsub=<NORMAL | MASTER | SLAVE | REPLICA | PUBSUB> | USER username | ADDR address | LADDR address | SKIPME yes/no>...>",
            },
            new("client|getredir", 2, Own, "6.0.0", "O(1)", "Answers -1: there is no tracking.", (RespSession _, in RespArguments _) => RespValue.Integer(-1)),
            new("client|tracking", -3, Own, "6.0.0", "O(1)", "Refused when ON: nothing here could keep a client's cache honest.", ClientCommands.Tracking)
            {
                Syntax = "status=<ON | OFF> [REDIRECT client-id:integer] [PREFIX prefix...!] [BCAST] [OPTIN] [OPTOUT] [NOLOOP]",
            },
            new("client|trackinginfo", 2, Own, "6.2.0", "O(1)", "Answers that tracking is off.", ClientCommands.TrackingInfo),
            new("client|events", -3, Own, "cluster-lab", "O(1)", "Pushes the cluster's events to this connection (RESP3), or stops it.", EventCommands.Handle)
            {
                Syntax = "status=<ON | OFF> [AFTER sequence:integer]",
            },
            new("client|setinfo", 4, Own, "7.2.0", "O(1)", "Tells which library speaks.", ClientCommands.SetInfo) { Syntax = "attr=<LIB-NAME libname | LIB-VER libver>" },
            new("client|reply", 3, Own, "3.2.0", "O(1)", "Chooses whether replies are sent.", ClientCommands.Reply) { Syntax = "on_off_skip=<ON | OFF | SKIP>" },
            new("client|no-evict", 3, Admin | Own, "7.0.0", "O(1)", "Accepted; connections are never evicted here.", ClientCommands.OnOrOff) { Syntax = "enabled=<ON | OFF>" },
            new("client|no-touch", 3, Own, "7.2.0", "O(1)", "Accepted; nothing here depends on when a key was last used.", ClientCommands.OnOrOff) { Syntax = "enabled=<ON | OFF>" },
            new("client|dial", -2, Own, "cluster-lab", "O(1)", "Chooses what this connection asks of the storage mode that it is on (r=1 w=3), OFF for nothing; without an argument, tells it.", DialCommand.Handle)
            {
                Syntax = "[dial=<OFF | setting=(setting)...>]",
            },
            new("client|consistency", -2, Own, "cluster-lab", "O(1)", "Chooses what this connection's reads may see; without an argument, tells it.", ClientCommands.Consistency)
            {
                Syntax = "[consistency=<LINEARIZABLE | LEASE | STALE>]",
            }),
    ]);
}
