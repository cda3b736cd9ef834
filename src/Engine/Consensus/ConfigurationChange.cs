using Cluster.Shared.Ids;

namespace Cluster.Engine.Consensus;

/// <summary>One step from one configuration to the next.</summary>
public readonly record struct ConfigurationChange(ConfigurationChangeKind Kind, NodeId Node);
