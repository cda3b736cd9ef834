using Cluster.Node.Resp.Commands;
using static Cluster.Node.Resp.Table.CommandFlags;

namespace Cluster.Node.Resp.Table;

/// <summary>The table's commands on the cluster.</summary>
internal static class ClusterRows
{
    private const CommandFlags Own = Loading | Stale | Fast;

    public static readonly IReadOnlyList<CommandSpec> All = CommandRows.InGroup("cluster", CommandCategories.None,
    [
        CommandRows.Container("cluster", "cluster", CommandCategories.None, "3.0.0", "5.0.0", "Commands on the cluster.",
            new("cluster|slots", 2, Loading | Stale, "3.0.0", "O(N) where N is the number of shards.", "Answers with slots, the node that leads them, and the nodes that have copies.", ClusterCommands.Slots)
            {
                Deprecated = ("7.0.0", "`CLUSTER SHARDS`"), Tips = ["nondeterministic_output"],
            },
            new("cluster|shards", 2, Loading | Stale, "7.0.0", "O(N) where N is the number of shards.", "Answers with shards: their slots and nodes.", ClusterCommands.Shards) { Tips = ["nondeterministic_output"] },
            new("cluster|nodes", 2, Loading | Stale, "3.0.0", "O(N) where N is the number of nodes.", "Answers with a line for each node.", ClusterCommands.Nodes) { Tips = ["nondeterministic_output"] },
            new("cluster|info", 2, Loading | Stale, "3.0.0", "O(N) where N is the number of shards.", "Answers with the cluster's state in figures.", ClusterCommands.Info) { Tips = ["nondeterministic_output"] },
            new("cluster|keyslot", 3, Own, "3.0.0", "O(N) where N is the length of the key.", "Answers with a key's hash slot.", ClusterCommands.KeySlot) { Syntax = "key" },
            new("cluster|countkeysinslot", 3, Own, "3.0.0", "O(1)", "Answers with how many keys a slot holds.", ClusterCommands.CountKeysInSlot) { Syntax = "slot:integer" },
            new("cluster|getkeysinslot", 4, Loading | Stale, "3.0.0", "O(N) where N is the number of keys in the slot's shard.", "Answers with keys of a slot.", ClusterCommands.GetKeysInSlot)
            {
                Syntax = "slot:integer count:integer", Tips = ["nondeterministic_output"],
            },
            new("cluster|myid", 2, Own, "3.0.0", "O(1)", "Answers with this node's id.", ClusterCommands.MyId),
            new("cluster|myshardid", 2, Own, "7.2.0", "O(1)", "Answers with the id of what this node leads.", ClusterCommands.MyShardId) { Tips = ["nondeterministic_output"] },
            new("cluster|links", 2, Loading | Stale, "7.0.0", "O(N) where N is the number of nodes.", "Answers with this node's connections to others.", ClusterCommands.Links) { Tips = ["nondeterministic_output"] },
            new("cluster|replicas", 3, Admin | Loading | Stale, "5.0.0", "O(N) where N is the number of nodes.", "Answers with the nodes that have copies of what a node leads.", ClusterCommands.Replicas)
            {
                Syntax = "node-id", Tips = ["nondeterministic_output"],
            }),
        new("asking", 1, Fast, "3.0.0", "O(1)", "Says that the next command comes on an ASK.", ClusterCommands.Asking) { Categories = CommandCategories.Connection },
        new("readonly", 1, Own, "3.0.0", "O(1)", "Lets this connection read copies, which may be old.", ClusterCommands.ReadOnly) { Categories = CommandCategories.Connection },
        new("readwrite", 1, Own, "3.0.0", "O(1)", "Takes READONLY back.", ClusterCommands.ReadWrite) { Categories = CommandCategories.Connection },
    ]);
}
