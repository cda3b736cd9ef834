namespace Cluster.Modes.Storage;

/// <summary>How many messages between nodes the protocol needs for one operation, by theory, without faults: what <c>lab compare</c> holds the counted ones against.</summary>
/// <param name="Get">For a read that comes to any node, each equally often.</param>
/// <param name="Put">For a write, likewise.</param>
/// <param name="Why">The count in words, with its source.</param>
public sealed record MessageCost(double Get, double Put, string Why);
