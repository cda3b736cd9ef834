using Cluster.Engine.Flaws;
using Cluster.Engine.Port;
using Cluster.Modes.Hosting;
using Cluster.Modes.Sharded.Map;
using Cluster.Modes.Storage;

namespace Cluster.Modes.Sharded;

/// <summary>Keys cut into shards, each owned by one node; a map that a majority agrees on says which. Shards are split and moved while they serve.</summary>
public static class ShardedMode
{
    public const string Slug = "sharded";

    internal const string HashModN = "hash-mod-n";
    internal const string NoEpochCheck = "no-epoch-check";

    public static Mode Mode { get; } = new(
        Slug,
        "storage",
        "Each key on one node, which a map of shards names: hot shards are split, halves moved, and no request fails for it.",
        ShardedLab.Scenario)
    {
        Parts = new ModeParts
        {
            Entities = [MapDecider.Type],
            Messages = messages => messages
                .Register("sharded.call", 1, ShardedJson.Default.ShardCall)
                .Register("sharded.answer", 1, ShardedJson.Default.ShardAnswer)
                .Register("sharded.elsewhere", 1, ShardedJson.Default.ShardElsewhere)
                .Register("sharded.refused", 1, ShardedJson.Default.ShardRefused)
                .Register("sharded.scan", 1, ShardedJson.Default.ShardScan)
                .Register("sharded.page", 1, ShardedJson.Default.ShardPage)
                .Register("sharded.split", 1, ShardedJson.Default.SplitOrder)
                .Register("sharded.move", 1, ShardedJson.Default.MoveOrder)
                .Register("sharded.order-taken", 1, ShardedJson.Default.OrderTaken)
                .Register("sharded.batch", 1, ShardedJson.Default.ShardBatch)
                .Register("sharded.batch-stored", 1, ShardedJson.Default.BatchStored)
                .Register("sharded.map-moved", 1, ShardedJson.Default.MapMoved)
                .Register("sharded.adopted", 1, ShardedJson.Default.ShardAdopted)
                .Register("sharded.written", 1, ShardedJson.Default.EntryWritten)
                .Register("sharded.was-split", 1, ShardedJson.Default.ShardSplit)
                .Register("sharded.switch-begun", 1, ShardedJson.Default.SwitchBegun)
                .Register("sharded.switch-ended", 1, ShardedJson.Default.SwitchEnded)
                .Register("sharded.given-away", 1, ShardedJson.Default.ShardGivenAway)
                .Register("sharded.batch-received", 1, ShardedJson.Default.BatchReceived)
                .Register("sharded.arrival-dropped", 1, ShardedJson.Default.ArrivalDropped)
                .Register("sharded.load", 1, ShardedJson.Default.LoadReport)
                .Register("sharded.ask-loads", 1, ShardedJson.Default.AskLoads)
                .Register("sharded.loads", 1, ShardedJson.Default.LoadsTold),
            Operations = ShardedOperations.All,
            Door = static node => Props.Create(() => new RouterActor(node)),
            Flaws =
            [
                new PlantedFlaw { Name = HashModN, Breaks = "the sharded mode routes by hash % n of the nodes that it can reach, without a map: when n changes, nearly all keys have another owner, where nothing of them is" },
                new PlantedFlaw { Name = NoEpochCheck, Breaks = "the sharded mode's owners look at no epoch: who comes by an old map is served from a shard that was given away" },
            ],
        },
        Storage = new StorageContract(5, [new([StorageOperations.Get, StorageOperations.Put, StorageOperations.Delete, StorageOperations.CompareAndSet], "", ConsistencyModel.Linearizable, "always; there is no answer for a shard while its owner is away")])
        {
            Textbook = new Textbook("linear", "strong", "none for the shards of the lost node", "low", "Kleppmann, Designing Data-Intensive Applications, chapter 6"),
            Cost = static nodes => new MessageCost(2.0 * (nodes - 1) / nodes, 2.0 * (nodes - 1) / nodes, "a call to the owner and its answer; none where that is the router's own node"),
        },
    };
}
