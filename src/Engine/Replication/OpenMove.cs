using Cluster.Shared.Http;
using Cluster.Shared.Ids;

namespace Cluster.Engine.Replication;

/// <summary>A move of a group that this node leads, from when it began.</summary>
/// <param name="SentBefore">Bytes of entries that <paramref name="To"/> had been sent when it began.</param>
internal sealed record OpenMove(MoveKind Kind, NodeId From, NodeId To, TimeSpan Began, long SentBefore)
{
    /// <summary>Bytes of snapshots that <see cref="To"/> has taken over.</summary>
    public long SnapshotBytes { get; set; }
}
