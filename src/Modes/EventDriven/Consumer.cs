namespace Cluster.Modes.EventDriven;

/// <summary>One partition of the bus for one subscription, under the generation in which this node has it.</summary>
internal sealed record Consumer(string Subscription, int Partition, ulong Generation);
