using Cluster.Shared.Ids;

namespace Cluster.Engine.Hosting;

/// <summary>Nodes and slots as one node sees them at one moment.</summary>
/// <param name="Epoch">Of the last control-plane decision that it has applied.</param>
/// <param name="SelfId">Its own id, also before it is a member.</param>
/// <param name="Nodes">Members that serve Redis clients, by number.</param>
/// <param name="Ranges">Every shard's slots, in order; empty while there is no shard table.</param>
/// <param name="Links">Connections to other nodes that are up.</param>
public sealed record SlotMapView(ulong Epoch, string SelfId, IReadOnlyList<SlotMapNode> Nodes, IReadOnlyList<SlotMapRange> Ranges, IReadOnlyList<SlotMapLink> Links);

/// <summary>One node.</summary>
/// <param name="Id">40 hex digits, the same after a restart on its data.</param>
/// <param name="Resp">Where Redis clients reach it.</param>
/// <param name="IsAlive">False once the control plane has declared it down.</param>
/// <param name="IsReachable">What the asked node's failure detector says.</param>
/// <param name="JoinEpoch">The decision that let it in.</param>
public sealed record SlotMapNode(uint Number, string Id, NodeAddress Resp, NodeAddress Remoting, bool IsSelf, bool IsAlive, bool IsReachable, ulong JoinEpoch);

/// <summary>One shard's slots.</summary>
/// <param name="LastSlot">Inclusive.</param>
/// <param name="Leader">Place in the list of nodes; null when no leader is known.</param>
/// <param name="Replicas">Places of the other nodes that hold a copy.</param>
public sealed record SlotMapRange(int FirstSlot, int LastSlot, int? Leader, IReadOnlyList<int> Replicas);

/// <summary>A connection to another node.</summary>
public sealed record SlotMapLink(string NodeId, long PendingBytes);
