namespace Cluster.Modes.Storage;

/// <summary>What a storage mode promises of an operation, at one setting of its dial.</summary>
/// <param name="Operations">Their names: <c>get</c>, <c>put</c>, ...</param>
/// <param name="Dial">The setting, as its arguments are written: <c>r=2 w=2</c>; empty where there is no dial.</param>
/// <param name="Model">The strongest model that it claims.</param>
/// <param name="Under">When: a line that ends the sentence "it holds ...".</param>
public sealed record StorageClaim(IReadOnlyList<string> Operations, string Dial, ConsistencyModel Model, string Under);
