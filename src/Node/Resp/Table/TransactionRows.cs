using Cluster.Node.Resp.Commands;
using static Cluster.Node.Resp.Table.CommandFlags;

namespace Cluster.Node.Resp.Table;

/// <summary>The table's commands on transactions.</summary>
internal static class TransactionRows
{
    private const CommandFlags Any = NoScript | Loading | Stale;

    public static readonly IReadOnlyList<CommandSpec> All = CommandRows.InGroup("transactions", CommandCategories.Transaction,
    [
        new("multi", 1, Any | Fast | AllowBusy, "1.2.0", "O(1)", "Begins a transaction: commands are queued until EXEC.", TransactionCommands.Begin),
        new("exec", 1, Any, "1.2.0", "Depends on the commands in the transaction.", "Carries the transaction out at one instant, unless a watched key has changed.", TransactionCommands.Execute),
        new("discard", 1, Any | Fast | AllowBusy, "2.0.0", "O(N) where N is the number of queued commands.", "Forgets the transaction.", TransactionCommands.Discard),
        new("watch", -2, Any | Fast | AllowBusy, "2.2.0", "O(N) where N is the number of keys.", "Lets the next transaction fail if one of the keys changes.", TransactionCommands.Watch)
        {
            Syntax = "key:key...", Keys = [KeySpec.From(1, 1, "RO")],
        },
        new("unwatch", 1, Any | Fast | AllowBusy, "2.2.0", "O(1)", "Forgets all watched keys.", TransactionCommands.Unwatch),
    ]);
}
