using Cluster.Engine.Port;
using Cluster.Modes.Hosting;
using Cluster.Modes.Storage;

namespace Cluster.Modes.SharedNothing;

/// <summary>
/// The replicated shards of the key-value store: each node its own processor, memory and log, and no node that all need. The protocol is the engine's own; what stands here is the storage contract over it, so that the
/// same keys that clients reach as database 0 can be asked for, and compared, as those of any other storage mode.
/// </summary>
public static class SharedNothingMode
{
    public const string Slug = "shared-nothing";

    internal const string Consistency = "consistency";
    internal const string Linearizable = "linearizable";
    internal const string Lease = "lease";
    internal const string Stale = "stale";

    private static readonly ModeArgument Dial = ModeArgument.Choice(
        Consistency, "What the read may see: the newest, confirmed by a majority; the newest, as long as clocks run at one rate; or what a replica nearby has.", Linearizable, Lease, Stale).Or(Linearizable);

    private static readonly IReadOnlyList<string> Reads = [StorageOperations.Get, StorageOperations.Scan];

    public static Mode Mode { get; } = new(
        Slug,
        "storage",
        "Linearizable keys on Raft-replicated shards; any one node of three may die, and nothing acknowledged is lost.",
        SharedNothingLab.Scenario)
    {
        Parts = new ModeParts
        {
            Messages = messages => messages
                .Register("shared-nothing.peek", 1, SharedNothingJson.Default.PeekKey)
                .Register("shared-nothing.peeked", 1, SharedNothingJson.Default.KeyPeeked),
            Operations =
            [
                StorageOperations.Reading(Dial),
                StorageOperations.Writing(),
                StorageOperations.Deleting(),
                StorageOperations.Comparing(),
                StorageOperations.Scanning(Dial),
                StorageOperations.Locating(),
            ],
            Door = static node => Props.Create(() => new SharedNothingActor(node)),
        },
        Storage = new StorageContract(
            6,
            [
                new([StorageOperations.Get], $"{Consistency}={Linearizable}", ConsistencyModel.Linearizable, "on the side of the majority; no answer on the other"),
                new([StorageOperations.Put, StorageOperations.Delete, StorageOperations.CompareAndSet], "", ConsistencyModel.Linearizable, "on the side of the majority; no answer on the other"),
                new([StorageOperations.Get], $"{Consistency}={Lease}", ConsistencyModel.Linearizable, "while clocks run at nearly one rate; no answer where the leader cannot be reached"),
                new(Reads, $"{Consistency}={Stale}", ConsistencyModel.Eventual, "always, on every side of a partition that has a replica"),
            ])
        {
            Textbook = new Textbook("linear", "strong", "majority", "medium", "Stonebraker, The Case for Shared Nothing, 1986; Özsu and Valduriez, Principles of Distributed Database Systems, 4th ed., chapter 8"),
            Cost = static nodes => ShardCost.Of(nodes, "a read by lease is without the round, a stale one without messages where the node has a replica"),
        },
    };
}
