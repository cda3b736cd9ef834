namespace Cluster.Engine.Consensus;

/// <summary>What a state machine's snapshot stands for (Raft 7): every entry up to and with <paramref name="Index"/>.</summary>
/// <param name="Index">The last entry that the snapshot covers.</param>
/// <param name="Term">That entry's term.</param>
/// <param name="Configuration">The group's configuration as of that entry.</param>
public sealed record SnapshotMeta(LogIndex Index, Term Term, RaftConfiguration Configuration);
