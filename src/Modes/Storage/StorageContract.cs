using System.Text.Json;
using Cluster.Shared.Http;

namespace Cluster.Modes.Storage;

/// <summary>
/// What makes a mode a storage mode: it serves the operations of <see cref="StorageOperations"/>, so that the same clients, workloads, checkers and doors serve all of them; and it says what it claims
/// of each, what textbooks say of it, and what an operation costs.
/// </summary>
/// <param name="Database">How Redis clients reach it: <c>SELECT n</c>. From 1; no other mode has it.</param>
/// <param name="Claims">What it promises, a line for each setting of its dial; the first is what holds where a request carries none.</param>
public sealed record StorageContract(int Database, IReadOnlyList<StorageClaim> Claims)
{
    /// <summary>Costs are told for clusters up to this size: larger ones are not compared on one machine.</summary>
    private const int LargestCosted = 9;

    /// <summary>Databases are numbered up to here, as on a Redis server out of the box.</summary>
    public const int LastDatabase = 15;

    public required Textbook Textbook { get; init; }

    /// <summary>On how many clusters side by side it is compared: of three nodes each, and on no other size.</summary>
    public int Clusters { get; init; } = 1;

    /// <summary>For so many nodes in all.</summary>
    public required Func<int, MessageCost> Cost { get; init; }

    /// <summary>As a node tells it.</summary>
    public StorageView View => new(
        Database,
        [.. Claims.Select(claim => new StorageClaimView(claim.Operations, claim.Dial, Hyphened(claim.Model), claim.Under))],
        new TextbookView(Textbook.Scalability, Textbook.Consistency, Textbook.Availability, Textbook.Latency, Textbook.Source),
        [.. Enumerable.Range(1, LargestCosted).Select(CostOf)])
    {
        Clusters = Clusters,
    };

    private MessageCostView CostOf(int nodes)
    {
        var cost = Cost(nodes);
        return new MessageCostView(nodes, cost.Get, cost.Put, cost.Why);
    }

    private static string Hyphened(ConsistencyModel model) => JsonNamingPolicy.KebabCaseLower.ConvertName(model.ToString());
}
