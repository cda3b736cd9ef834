using Cluster.Engine.Port;

namespace Cluster.Modes.Shop;

/// <summary>One entity that is to be asked.</summary>
public sealed record Question(IShardRegion Region, string EntityId, object Command);
