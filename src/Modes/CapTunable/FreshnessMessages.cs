namespace Cluster.Modes.CapTunable;

/// <summary>A bounded read to its door: how far must a replica of this partition be?</summary>
internal sealed record WantFresh(int Partition, TimeSpan Bound);

/// <summary>A replica that is so far has all that had been acknowledged so long ago.</summary>
internal sealed record KnownFresh(long Position, TimeSpan Age);

/// <summary>That cannot be found out.</summary>
internal sealed record NothingFresh(string Why);

/// <summary>The question for a partition's position was answered; or was not, and why.</summary>
internal sealed record FreshnessAsked(int Partition, long? Position, string? Why = null);
