using Cluster.Node.Resp.Commands;
using static Cluster.Node.Resp.Table.CommandFlags;

namespace Cluster.Node.Resp.Table;

/// <summary>The table's commands on the node and on this table.</summary>
internal static class ServerRows
{
    private const CommandFlags Any = Loading | Stale;

    private static readonly string[] Unordered = ["nondeterministic_output_order"];

    public static readonly IReadOnlyList<CommandSpec> All = CommandRows.InGroup("server", CommandCategories.None,
    [
        new("dbsize", 1, ReadOnly | Fast, "1.0.0", "O(N) where N is the number of shards.", "Answers with how many keys there are.", ScanCommands.Size)
        {
            Categories = CommandCategories.Keyspace, Tips = ["request_policy:all_shards", "response_policy:agg_sum"],
        },
        Flush("flushall", "Deletes all keys, each shard's at one instant."),
        Flush("flushdb", "Deletes all keys: there is one database."),
        new("lastsave", 1, Any | Fast, "1.0.0", "O(1)", "Answers with the time now: what was answered is on disk.", DurabilityCommands.LastSave)
        {
            Categories = CommandCategories.Admin | CommandCategories.Dangerous, Tips = ["nondeterministic_output"],
        },
        new("save", 1, Admin | NoScript | NoAsyncLoading | NoMulti, "1.0.0", "O(1)", "Answers OK: what was answered is on disk on a majority of replicas.", DurabilityCommands.Save),
        new("bgsave", -1, Admin | NoScript | NoAsyncLoading, "1.0.0", "O(1)", "The same as SAVE, in Redis's words.", DurabilityCommands.SaveInBackground) { Syntax = "[SCHEDULE]" },
        new("role", 1, NoScript | Any | Fast, "2.8.12", "O(1)", "Answers master: every node serves every key.", DurabilityCommands.Role)
        {
            Categories = CommandCategories.Admin | CommandCategories.Dangerous,
        },
        new("info", -1, Any, "1.0.0", "O(N) where N is the number of shards.", "Answers with this node in figures.", ServerCommands.Info)
        {
            Syntax = "[section...]",
            Categories = CommandCategories.Dangerous,
            Tips = ["nondeterministic_output", "request_policy:all_shards", "response_policy:special"],
        },
        new("time", 1, Any | Fast, "2.6.0", "O(1)", "Answers with this node's clock: seconds and microseconds.", ServerCommands.Time) { Tips = ["nondeterministic_output"] },
        CommandRows.Container("command", "server", CommandCategories.Connection, "2.8.13", "5.0.0", "Answers with the commands there are.",
            new("command|count", 2, Any, "2.8.13", "O(1)", "Answers with how many commands there are.", CommandCommands.Count),
            new("command|info", -2, Any, "2.8.13", "O(N) where N is the number of commands asked for.", "Answers with arity, flags and keys of commands.", CommandCommands.Info)
            {
                Syntax = "[command-name...]", Tips = Unordered,
            },
            new("command|docs", -2, Any, "7.0.0", "O(N) where N is the number of commands asked for.", "Answers with what commands do.", CommandCommands.Docs)
            {
                Syntax = "[command-name...]", Tips = Unordered,
            },
            new("command|list", -2, Any, "7.0.0", "O(N) where N is the number of commands.", "Answers with the commands' names.", CommandCommands.List)
            {
                Syntax = "[FILTERBY filterby=<MODULE module-name | ACLCAT category | PATTERN pattern:pattern>]", Tips = Unordered,
            },
            new("command|getkeys", -4, Any, "2.8.13", "O(N) where N is the number of arguments.", "Answers with those of a command's arguments that are keys.", CommandCommands.GetKeys)
            {
                Syntax = "command arg...",
            },
            new("command|getkeysandflags", -4, Any, "7.0.0", "O(N) where N is the number of arguments.", "Answers with a command's keys and what it does to each.", CommandCommands.GetKeysAndFlags)
            {
                Syntax = "command arg...",
            }) with
        {
            Arity = -1, Flags = Any, Complexity = "O(N) where N is the number of commands.", Categories = CommandCategories.Connection, Tips = Unordered, Handler = CommandCommands.Everything,
        },
        CommandRows.Container("memory", "server", CommandCategories.None, "4.0.0", "4.0.0", "Commands on memory.",
        [
            new("memory|usage", -3, ReadOnly, "4.0.0", "O(1)", "Answers with the bytes that a key and its value take on each replica.", ObjectCommands.Usage)
            {
                Syntax = "key:key [SAMPLES count:integer]", Keys = [KeySpec.At(2, "RO")],
            },
        ]),
        CommandRows.Container("config", "server", CommandCategories.None, "2.0.0", "5.0.0", "Commands on the node's configuration.",
        [
            new("config|get", -3, Admin | NoScript | Any, "2.0.0", "O(N) where N is the number of parameters.", "Answers with the parameters that match; a node is configured on its command line.", ConfigCommands.Get)
            {
                Syntax = "parameter=(parameter)...",
            },
        ]),
    ]);

    private static CommandSpec Flush(string name, string summary) =>
        new(name, -1, Write, "1.0.0", "O(N) where N is the number of shards.", summary, FlushCommands.Flush)
        {
            Syntax = "[async=<ASYNC | SYNC>]",
            Categories = CommandCategories.Keyspace | CommandCategories.Dangerous,
            Tips = ["request_policy:all_shards", "response_policy:all_succeeded"],
        };
}
