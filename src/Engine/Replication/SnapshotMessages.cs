using Cluster.Engine.Consensus;
using Cluster.Engine.Sharding;
using Cluster.Shared.Ids;
using Cluster.Shared.Wire;

namespace Cluster.Engine.Replication;

/// <summary>Write this state to disk.</summary>
internal sealed record SaveSnapshot(ShardId Group, SnapshotMeta Meta, ShardSnapshot State);

/// <summary>It is durable.</summary>
internal sealed record SnapshotSaved(ShardId Group, SnapshotMeta Meta);

/// <summary>It could not be written: the log stays as long as it is, and the next try comes with the next look.</summary>
internal sealed record SnapshotFailed(ShardId Group, string Reason);

/// <summary>Stream the group's newest snapshot, of at least that index, to a follower, in the name of the leader of that term.</summary>
internal sealed record StreamSnapshot(ShardId Group, NodeId To, Term Term, LogIndex AtLeast);

/// <summary>The group's replica has left this node, and the log says so durably: its snapshots go.</summary>
internal sealed record ForgetSnapshots(ShardId Group);

/// <summary>They are gone, or will be at the next start.</summary>
internal sealed record SnapshotsForgotten(ShardId Group);

/// <summary>The follower has it, or it could not be brought there.</summary>
internal sealed record SnapshotDelivered(ShardId Group, NodeId To, bool Delivered, long Bytes = 0);

/// <summary>A piece of a snapshot from a leader.</summary>
internal sealed record ChunkReceived(SnapshotChunk Chunk);

/// <summary>What a follower wants next.</summary>
internal sealed record ChunkAnswered(SnapshotChunkReply Reply);

/// <summary>A whole snapshot from a leader is durable here, and this machine was restored from it.</summary>
internal sealed record SnapshotArrived(ShardId Group, NodeId From, Term Term, SnapshotMeta Meta, ShardMachine Machine);
