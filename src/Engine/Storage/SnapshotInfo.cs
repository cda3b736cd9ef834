using Cluster.Shared.Ids;
using Cluster.Shared.Wire;

namespace Cluster.Engine.Storage;

/// <summary>A finished snapshot: a group's state after the entry at <paramref name="Index"/>.</summary>
/// <param name="Term">The term of that entry.</param>
/// <param name="Configuration">The group's configuration as of that entry.</param>
/// <param name="DataBytes">Length of the state machine's own bytes.</param>
/// <param name="FileBytes">Length of the file, which is what travels to a follower.</param>
public sealed record SnapshotInfo(ShardId Group, ulong Index, ulong Term, Configuration Configuration, long DataBytes, long FileBytes);
