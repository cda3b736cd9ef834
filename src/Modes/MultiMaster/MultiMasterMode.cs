using Cluster.Engine.Actors.Remote;
using Cluster.Engine.Flaws;
using Cluster.Engine.Port;
using Cluster.Modes.Hosting;
using Cluster.Modes.Storage;

namespace Cluster.Modes.MultiMaster;

/// <summary>Every node takes writes by itself and tells the others afterwards; what was written side by side is merged by the type of the key.</summary>
public static class MultiMasterMode
{
    public const string Slug = "multi-master";

    internal const string WallClock = "wall-clock";
    internal const string CounterSumsTwice = "counter-sums-twice";
    internal const string DropsSiblings = "drops-siblings";

    public static Mode Mode { get; } = new(
        Slug,
        "storage",
        "Every node takes writes at once, on any side of a partition; replicas that have met the same updates are equal, and counters, sets, maps and siblings lose none of them.",
        MultiMasterLab.Scenario)
    {
        Parts = new ModeParts
        {
            Messages = Register,
            Operations = MultiMasterOperations.All,
            Door = static node => Props.Create(() => new MultiMasterActor(node, NewCore(node))),
            Flaws =
            [
                new PlantedFlaw { Name = WallClock, Breaks = "the multi-master mode stamps writes with the wall clock alone: where clocks differ, a later write loses against an earlier one" },
                new PlantedFlaw { Name = CounterSumsTwice, Breaks = "the multi-master mode's counters are merged by their sums: to merge once more counts once more" },
                new PlantedFlaw { Name = DropsSiblings, Breaks = "the multi-master mode keeps the latest of siblings: what was written side by side with it is gone" },
            ],
        },
        Storage = new StorageContract(
            3,
            [
                new([StorageOperations.Get, StorageOperations.Put, StorageOperations.Delete, StorageOperations.Scan], "", ConsistencyModel.StrongEventual, "for every node that is up, on every side of a partition; of writes side by side to a register, the later stays"),
                new([StorageOperations.Get, StorageOperations.Put, StorageOperations.Delete], "type=siblings", ConsistencyModel.StrongEventual, "and nothing written side by side is lost"),
            ])
        {
            Textbook = new Textbook("reads", "eventual", "all sides", "low", "Kleppmann, Designing Data-Intensive Applications (2017), chapter 5, Multi-Leader Replication"),
            Cost = static nodes => new MessageCost(0, nodes - 1, "a read is the asked node's own; a write is told to each other node once, and not acknowledged"),
        },
    };

    private static MultiMasterCore NewCore(IModeNode node) => new(
        new MergeRules(SumsCounts: node.HasFlaw(CounterSumsTwice), DropsSiblings: node.HasFlaw(DropsSiblings)),
        new HybridClock(trustsWallClock: node.HasFlaw(WallClock)));

    private static void Register(MessageRegistry messages) => messages
        .Register("multi-master.written", 1, MultiMasterJson.Default.ObjectWritten)
        .Register("multi-master.merged", 1, MultiMasterJson.Default.ObjectsMerged)
        .Register("multi-master.raised", 1, MultiMasterJson.Default.ClockRaised)
        .Register("multi-master.born", 1, MultiMasterJson.Default.ReplicaBorn)
        .Register("multi-master.compare", 1, MultiMasterJson.Default.CompareClocks)
        .Register("multi-master.fetch", 1, MultiMasterJson.Default.FetchObjects)
        .Register("multi-master.fetched", 1, MultiMasterJson.Default.FetchedObjects)
        .Register("multi-master.compare-buckets", 1, MultiMasterJson.Default.CompareBuckets)
        .Register("multi-master.fetch-buckets", 1, MultiMasterJson.Default.FetchBuckets)
        .Register("multi-master.bucket", 1, MultiMasterJson.Default.BucketObjects)
        .Register("multi-master.ask-versions", 1, MultiMasterJson.Default.AskVersions)
        .Register("multi-master.told-versions", 1, MultiMasterJson.Default.ToldVersions);
}
