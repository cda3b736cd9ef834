using Cluster.Shared.Ids;

namespace Cluster.Engine.ControlPlane;

/// <summary>What the shell round a <see cref="BootstrapCore"/> has to do, in the order given.</summary>
internal abstract record BootstrapAction;

/// <summary>Send the seed a <c>SeedQuery</c>; hand its answer, or that there is none, back with the same attempt.</summary>
internal sealed record ContactSeed(NodeAddress Seed, ulong Attempt) : BootstrapAction;

/// <summary>
/// Make a cluster id, write the identity (this id, node 1) to disk, only then start group 0 with this node as its one voter and propose
/// <c>FormCluster</c>; report <see cref="BootstrapCore.Formed"/>. After a crash in between, the identity keeps this node from forming another one: as leader
/// of a group 0 that is not formed, it proposes again.
/// </summary>
internal sealed record FormNewCluster : BootstrapAction;

/// <summary>Send a <c>JoinRequest</c> there (which may be this node itself); hand the reply, or that there is none, back with the same attempt.</summary>
internal sealed record JoinVia(NodeAddress Address, ulong Attempt) : BootstrapAction;

/// <summary>Nothing can be done yet: <paramref name="Reason"/> is for the log and for whoever asks why the node is not ready. Said when it changes.</summary>
internal sealed record Wait(string Reason) : BootstrapAction;

/// <summary>This node cannot become a member as it is. Final: somebody has to act.</summary>
internal sealed record BootstrapRefused(string Reason) : BootstrapAction;

/// <summary>The node is a member. Its identity is to be on disk before it acts as one. Final.</summary>
internal sealed record BecameMember(string ClusterId, NodeId Node) : BootstrapAction;
