namespace Cluster.Shared.Http;

/// <summary>What a storage mode says of itself, as <c>GET /modes</c> tells it: what it is compared by.</summary>
/// <param name="Database">The number by which Redis clients <c>SELECT</c> it.</param>
/// <param name="Claims">What it promises at each setting of its dial; the first is where a request carries none.</param>
/// <param name="Textbook">What is printed of it.</param>
/// <param name="Costs">Messages for an operation, by theory, for clusters of 1 to 9 nodes.</param>
public sealed record StorageView(int Database, IReadOnlyList<StorageClaimView> Claims, TextbookView Textbook, IReadOnlyList<MessageCostView> Costs)
{
    /// <summary>On how many clusters side by side it is played; 1 for a mode that is about one.</summary>
    public int Clusters { get; init; } = 1;
}

/// <summary>A promise.</summary>
/// <param name="Operations">The operations that it is about.</param>
/// <param name="Dial">Arguments of a request, as they are written: <c>r=1 w=3</c>; empty where none.</param>
/// <param name="Model"><c>linearizable</c>, <c>sequential</c>, <c>session</c>, <c>bounded-staleness</c>, <c>strong-eventual</c>, <c>eventual</c>.</param>
/// <param name="Under">When it holds.</param>
public sealed record StorageClaimView(IReadOnlyList<string> Operations, string Dial, string Model, string Under);

/// <summary>What textbooks print, an adjective a column.</summary>
public sealed record TextbookView(string Scalability, string Consistency, string Availability, string Latency, string Source);

/// <summary>Messages between nodes for one read and one write, without faults.</summary>
/// <param name="Nodes">Of the cluster.</param>
/// <param name="Why">The count in words.</param>
public sealed record MessageCostView(int Nodes, double Get, double Put, string Why);
