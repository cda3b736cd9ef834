using Cluster.Engine.Flaws;
using Cluster.Engine.Port;
using Cluster.Modes.Hosting;
using Cluster.Modes.Storage;

namespace Cluster.Modes.LeaderFollower;

/// <summary>One leader takes all writes and sends its log to followers; each write says how many disks it waits for, each read whose copy it wants; a failover has an epoch, and the old leader is fenced by it.</summary>
public static class LeaderFollowerMode
{
    public const string Slug = "leader-follower";

    internal const string Unfenced = "unfenced";
    internal const string PromoteStale = "promote-stale";

    private static readonly string[] Writes = [StorageOperations.Put, StorageOperations.Delete, StorageOperations.CompareAndSet];

    public static Mode Mode { get; } = new(
        Slug,
        "storage",
        "One leader, and followers with its log: what waited for a follower survives a failover, what did not may be lost and is counted; the old leader is fenced by its epoch.",
        LeaderFollowerLab.Scenario)
    {
        Parts = new ModeParts
        {
            Entities = [ReplicaSetDecider.Type],
            Messages = messages => messages
                .Register("leader-follower.call", 1, LeaderFollowerJson.Default.ReplicaCall)
                .Register("leader-follower.answer", 1, LeaderFollowerJson.Default.CallAnswer)
                .Register("leader-follower.refused", 1, LeaderFollowerJson.Default.CallRefused)
                .Register("leader-follower.not-leading", 1, LeaderFollowerJson.Default.NotLeading)
                .Register("leader-follower.read", 1, LeaderFollowerJson.Default.ReadCopy)
                .Register("leader-follower.copy", 1, LeaderFollowerJson.Default.CopyRead)
                .Register("leader-follower.append", 1, LeaderFollowerJson.Default.AppendEntries)
                .Register("leader-follower.kept", 1, LeaderFollowerJson.Default.EntriesKept)
                .Register("leader-follower.part", 1, LeaderFollowerJson.Default.StatePart)
                .Register("leader-follower.parts-taken", 1, LeaderFollowerJson.Default.PartsTaken)
                .Register("leader-follower.ask-promise", 1, LeaderFollowerJson.Default.AskPromise)
                .Register("leader-follower.promise", 1, LeaderFollowerJson.Default.EpochPromise)
                .Register("leader-follower.stand", 1, LeaderFollowerJson.Default.StandForLeader)
                .Register("leader-follower.appended", 1, LeaderFollowerJson.Default.EntriesAppended)
                .Register("leader-follower.promised", 1, LeaderFollowerJson.Default.EpochPromised)
                .Register("leader-follower.piece", 1, LeaderFollowerJson.Default.PieceKept)
                .Register("leader-follower.installed", 1, LeaderFollowerJson.Default.StateInstalled),
            Operations = LeaderFollowerOperations.All,
            Door = static node => Props.Create(() => new LeaderFollowerActor(node)),
            Flaws =
            [
                new PlantedFlaw { Name = Unfenced, Breaks = "the leader-follower mode's leader goes on alone when it hears nobody, without the replica set's word, and believes in no newer epoch: two leaders answer" },
                new PlantedFlaw { Name = PromoteStale, Breaks = "the leader-follower mode promotes whichever replica misses its leader first, in sync or not: acknowledged writes that it lacks are lost" },
            ],
        },
        Storage = new StorageContract(
            2,
            [
                new([StorageOperations.Get, .. Writes], "ack=semi from=leader", ConsistencyModel.Linearizable, "always; unavailable while no replica in sync can lead, and for semi while no follower is in sync"),
                new(Writes, "ack=sync", ConsistencyModel.Linearizable, "always; a write waits for all in sync, until who is silent has been taken out"),
                new([StorageOperations.Get], "from=any max-lag=...", ConsistencyModel.BoundedStaleness, "for ack=semi and ack=sync: no further behind than max-lag, or refused"),
                new([StorageOperations.Get], "from=any", ConsistencyModel.Eventual, "always; nothing is read that a failover takes back"),
                new(Writes, "ack=async", ConsistencyModel.Eventual, "always; a failover may lose what was acknowledged since the last batch that a follower took"),
            ])
        {
            Textbook = new Textbook("reads", "strong or eventual", "majority", "medium", "Kleppmann, Designing Data-Intensive Applications, ch. 5"),
            Cost = static nodes => new MessageCost(
                2.0 * (nodes - 1) / nodes,
                (2.0 * (nodes - 1) / nodes) + (2 * (nodes - 1)),
                "a call and an answer, none for a client on the leader's node; for a write, an append and an answer for each follower, fewer when writes share a batch"),
        },
    };
}
