namespace Cluster.Engine.Consensus;

/// <summary>A read may be served from the state machine as soon as that has applied <paramref name="Index"/> (thesis 6.4).</summary>
public readonly record struct ReadReady(ulong ReadId, LogIndex Index);
