using Cluster.Engine.Consensus;
using Cluster.Shared.Ids;
using Cluster.Shared.Wire;

namespace Cluster.Engine.Replication;

/// <summary>Raft messages from one peer, for any number of groups.</summary>
internal sealed record ConsensusReceived(ConsensusBatch Batch);

/// <summary>Requests to shards whose replicas this node holds, from a front door here or elsewhere.</summary>
internal sealed record RequestsReceived(NodeAddress From, ShardRequestBatch Batch);

/// <summary>All groups look at the time.</summary>
internal sealed record HostTick
{
    public static readonly HostTick Instance = new();
}

/// <summary>Hold a replica of this group. <paramref name="Initial"/> is its first configuration when this node is one of its founders, null when it joins a group that lives.</summary>
internal sealed record HoldReplica(ShardId Group, RaftConfiguration? Initial, bool Campaign);

/// <summary>A numbered batch of writes for the node's log: durable as a whole before the batch's dependent messages go out.</summary>
internal sealed record WalBatch(long Number, List<WalWrite> Writes);

/// <summary>Everything up to and with this batch is durable.</summary>
internal sealed record WalFlushed(long Batch);

/// <summary>The log cannot be written for now (disk full); nothing since the last <see cref="WalFlushed"/> is durable.</summary>
internal sealed record WalStalled(string Reason);

/// <summary>The log has grown past its bound, and these groups hold its oldest segments: their snapshots let it shrink.</summary>
internal sealed record LogTooLong(IReadOnlyList<ShardId> Pinning);

/// <summary>The log can be written again, and everything up to the batch is durable.</summary>
internal sealed record WalResumed(long Batch);
