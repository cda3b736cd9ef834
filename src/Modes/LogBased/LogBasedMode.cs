using Cluster.Engine.Port;
using Cluster.Modes.Hosting;
using Cluster.Modes.Storage;

namespace Cluster.Modes.LogBased;

/// <summary>A partitioned, replicated log: topics, offsets, consumer groups, idempotent producers, and consume-process-produce exactly once, on the durable log of the shards.</summary>
public static class LogBasedMode
{
    public const string Slug = "log-based";

    public static Mode Mode { get; } = new(
        Slug,
        "storage",
        "A partitioned replicated log: what it acknowledged keeps its offset, a batch that is sent again stands there once, and consume-process-produce happens exactly once.",
        LogBasedLab.Scenario)
    {
        Parts = new ModeParts
        {
            Entities = [TopicCore.Type, ProducerCore.Type, LogBasedServices.GroupType],
            Messages = messages => messages
                .Register("log-based.peek", 1, LogBasedJson.Default.PeekView)
                .Register("log-based.peeked", 1, LogBasedJson.Default.ViewPeeked),
            Operations = LogBasedOperations.All,
            Door = static node => Props.Create(() => new LogBasedActor(node)),
            Flaws = LogBasedFlaws.All,
        },
        Storage = new StorageContract(
            9,
            [
                new([StorageOperations.Get, StorageOperations.Scan], $"{LogBasedOperations.Read}={LogBasedOperations.Latest}", ConsistencyModel.Linearizable, "on the side of the majority; no answer on the other; a scan is so of each partition by itself"),
                new([StorageOperations.Put, StorageOperations.Delete], "", ConsistencyModel.Linearizable, "on the side of the majority; no answer on the other"),
                new([StorageOperations.Get, StorageOperations.Scan], $"{LogBasedOperations.Read}={LogBasedOperations.Local}", ConsistencyModel.Eventual, "always, on every side of a partition that has a replica, at a node that has found the topic before"),
            ])
        {
            Textbook = new Textbook("linear", "eventual", "majority", "medium", "Kreps, The Log, 2013; Kleppmann, Designing Data-Intensive Applications, chapter 11"),
            Cost = static nodes => ShardCost.Of(nodes, "the view's other reads are of a replica nearby, without messages where the node has one"),
        },
    };
}
