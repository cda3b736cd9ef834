using Cluster.Engine.Port;
using Cluster.Modes.Hosting;

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
            Operations = LogBasedOperations.All,
            Door = static node => Props.Create(() => new LogBasedActor(node)),
            Flaws = LogBasedFlaws.All,
        },
    };
}
