namespace Cluster.Modes.Sharded.Owner;

/// <summary>What is kept of one client of one key.</summary>
/// <param name="FirstOpen">Every call of it on this key before this one has been answered.</param>
/// <param name="Done">Calls that were carried out or denied and that it may ask for again. Their values are not kept: a write is answered by its version, and so is a comparison that failed.</param>
public sealed record KeyClient(string Client, long FirstOpen, IReadOnlyList<ShardAnswer> Done);
