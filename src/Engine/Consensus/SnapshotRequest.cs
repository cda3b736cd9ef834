using Cluster.Shared.Ids;

namespace Cluster.Engine.Consensus;

/// <summary>A peer needs a snapshot: the shell streams one of at least that index to it, then calls <see cref="RaftCore.SnapshotSent"/>.</summary>
/// <param name="To">The peer.</param>
/// <param name="AtLeast">The snapshot that the core knows of; a newer one serves as well.</param>
public readonly record struct SnapshotRequest(NodeId To, LogIndex AtLeast);
