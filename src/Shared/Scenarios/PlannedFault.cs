namespace Cluster.Shared.Scenarios;

/// <summary>One fault of a schedule.</summary>
/// <param name="Kind">What happens.</param>
/// <param name="Target">
/// To whom: node names (<c>n1,n2</c>), or a role that is filled when it begins: <c>one</c>, <c>leader</c> (who leads most shards then), <c>singleton:NAME</c> (where that singleton lives then), <c>minority</c>, <c>majority</c>, <c>all</c>;
/// where nodes are several clusters: <c>cluster</c> (every node of one of them), <c>wan</c> (the links between them).
/// </param>
/// <param name="Start">When it begins, since the clients began.</param>
/// <param name="Length">How long it lasts; then it is taken back.</param>
/// <param name="Amount">How much, for the kinds that need it: <c>80ms</c>, <c>20%</c>, <c>64KB/s</c>, <c>1.02</c>; null for the kind's usual amount.</param>
public sealed record PlannedFault(FaultType Kind, string Target, TimeSpan Start, TimeSpan Length, string? Amount = null);
