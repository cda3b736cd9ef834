using Cluster.Engine.Flaws;
using Cluster.Engine.Port;
using Cluster.Modes.Hosting;
using Cluster.Modes.Storage;

namespace Cluster.Modes.SharedEverything;

/// <summary>All nodes on one PostgreSQL: they keep nothing, know nothing of each other, and are as many as one likes.</summary>
public static class SharedEverythingMode
{
    public const string Slug = "shared-everything";

    /// <summary>The argument by which a client names a request, so that it may send it again, to any node.</summary>
    internal const string Request = "request";

    internal const string ReadThenWrite = "read-then-write";
    internal const string Unsynced = "unsynced";
    internal const string RetryTwice = "retry-twice";

    private const int RequestBytesMax = 128;

    private static readonly ModeArgument RequestArgument = ModeArgument.Text(Request, "The client's own name of this request: sent again within ten minutes, to any node, it takes effect once.", RequestBytesMax).Optional();

    private static readonly IReadOnlyList<string> Everything = [StorageOperations.Get, StorageOperations.Put, StorageOperations.Delete, StorageOperations.CompareAndSet, StorageOperations.Scan];

    public static Mode Mode { get; } = new(
        Slug,
        "storage",
        "All nodes on one PostgreSQL and stateless: strong consistency with any number of nodes; the database is the bottleneck and the single point of failure.",
        SharedEverythingLab.Scenario)
    {
        Parts = new ModeParts
        {
            Operations =
            [
                StorageOperations.Reading(),
                StorageOperations.Writing(RequestArgument),
                StorageOperations.Deleting(RequestArgument),
                StorageOperations.Comparing(RequestArgument),
                StorageOperations.Scanning(),
                StorageOperations.Locating(),
            ],
            Door = static node => Props.Create(() => new SharedEverythingActor(node)),
            Flaws =
            [
                new PlantedFlaw { Name = ReadThenWrite, Breaks = "the shared-everything mode reads a row without its lock and then writes it blindly: of two compare-and-sets at once both succeed" },
                new PlantedFlaw { Name = Unsynced, Breaks = "the shared-everything mode's transactions are answered before the database's disk has them (synchronous_commit off): the database's crash takes acknowledged writes with it" },
                new PlantedFlaw { Name = RetryTwice, Breaks = "the shared-everything mode sends a transaction whose answer was lost again under a new id: it takes effect twice, or is denied though it took effect" },
            ],
        },
        Storage = new StorageContract(7, [new(Everything, "", ConsistencyModel.Linearizable, "always; there is no answer while the database is away")])
        {
            Textbook = new Textbook("none", "strong", "none", "low", "Stonebraker, The Case for Shared Nothing, IEEE Database Engineering Bulletin 9(1), 1986"),
            Cost = static _ => new MessageCost(0, 0, "nodes say nothing to each other; to the database, one round trip for a read, two for a write, which are not messages between nodes"),
        },
    };
}
