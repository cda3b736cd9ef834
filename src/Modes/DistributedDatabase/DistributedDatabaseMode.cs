using Cluster.Engine.Flaws;
using Cluster.Engine.Port;
using Cluster.Modes.DistributedDatabase.Ranges;
using Cluster.Modes.DistributedDatabase.Timestamps;
using Cluster.Modes.Hosting;
using Cluster.Modes.Storage;

namespace Cluster.Modes.DistributedDatabase;

/// <summary>Keys in replicated ranges, and transactions over any of them: timestamps from an oracle, intents, one record that decides. See README.md.</summary>
public static class DistributedDatabaseMode
{
    public const string Slug = "distributed-database";

    internal const string NoIntentCheck = "no-intent-check";
    internal const string SkipRefresh = "skip-refresh";
    internal const string CommitBeforeIntents = "commit-before-intents";

    private static readonly string[] OneKey = [StorageOperations.Get, StorageOperations.Put, StorageOperations.Delete, StorageOperations.CompareAndSet];

    public static Mode Mode { get; } = new(
        Slug,
        "storage",
        "Transactions over any keys on replicated ranges, serializable or by snapshot: whole or not at all, whoever dies at whatever step.",
        DistributedDatabaseLab.Scenario)
    {
        Parts = new ModeParts
        {
            Entities = [TimestampCore.Type, RangeDecider.Type],
            Messages = static messages => messages
                .Register("distributed-database.inspect", 1, DatabaseJson.Default.InspectKey)
                .Register("distributed-database.inspected", 1, DatabaseJson.Default.KeyInspected),
            Operations = DatabaseOperations.All,
            Door = static node => Props.Create(() => new DistributedDatabaseActor(node)),
            Flaws =
            [
                new PlantedFlaw { Name = NoIntentCheck, Breaks = "the distributed-database mode's transactions look neither at others' intents nor at versions that are newer than their start" },
                new PlantedFlaw { Name = SkipRefresh, Breaks = "the distributed-database mode's serializable transactions do not validate what they read before they commit" },
                new PlantedFlaw { Name = CommitBeforeIntents, Breaks = "the distributed-database mode's coordinators decide when one range has its intents, and lay the others after it" },
            ],
        },
        Storage = new StorageContract(
            12,
            [new(OneKey, "", ConsistencyModel.Linearizable, "on the side of the majority; no answer on the other. Transactions and scans are serializable, over all keys")])
        {
            Textbook = new Textbook("linear", "strong", "majority", "medium", "Corbett et al., Spanner, OSDI 2012; Taft et al., CockroachDB, SIGMOD 2020"),
            Cost = static nodes => Cost(nodes),
        },
    };

    /// <summary>Of one key: its range's leader does all of it, whatever transactions cost.</summary>
    private static MessageCost Cost(int nodes)
    {
        var (forward, followers) = (2.0 * (nodes - 1) / nodes, Math.Min(3, nodes) - 1);
        return new MessageCost(
            forward + (2 * followers),
            forward + (2 * followers),
            "to the range's leader and back, and a round with each follower: an append for a write, which is one-phase, a confirmation for a read; a transaction over k ranges has a round with each to read, to lay intents and to resolve them, two with the oracle, and one to decide");
    }
}
