using System.Collections.Immutable;
using Cluster.Engine.Consensus;
using Cluster.Shared.Ids;

namespace Cluster.Engine.Replication;

/// <summary>How one replica on this node stands, as of its last tick. A copy: reading it takes no turn from the replica.</summary>
/// <param name="ChangePending">Whether the configuration is not committed yet.</param>
/// <param name="Behind">Where this replica leads: those that are far behind it.</param>
/// <param name="Missing">The last entry that a leader counts on here and that this disk does not have; null when nothing is missing.</param>
/// <param name="StateHash">
/// Equal on replicas that have applied the same entries. Null while entries come: it is made of all the state that has changed, which would be written anew many times a second for a hash that is old at once.
/// </param>
public sealed record ReplicaStatus(
    ShardId Group,
    RaftRole Role,
    Term Term,
    NodeId Leader,
    bool Serves,
    LogIndex Commit,
    LogIndex Applied,
    RaftConfiguration Configuration,
    bool ChangePending,
    ImmutableArray<FollowerLag> Behind,
    LogIndex? Missing,
    ulong? StateHash);

/// <summary>A replica that its leader finds far behind, by how many entries, and whether it has to be sent the whole state.</summary>
public readonly record struct FollowerLag(NodeId Node, ulong Entries, bool AwaitsSnapshot);
