namespace Cluster.Modes.SharedEverything;

/// <summary>What the pool wants done.</summary>
internal abstract record PoolMove
{
    /// <summary>Begin an attempt at this request: there is a connection for it.</summary>
    public sealed record Start(long Id) : PoolMove;

    /// <summary>Tell whoever asked that it had no effect, and why.</summary>
    /// <param name="IsOverload">There are too many requests; else the database does not answer.</param>
    public sealed record Refuse(long Id, bool IsOverload, string Why) : PoolMove;

    /// <summary>Try to connect, after so long.</summary>
    public sealed record Connect(TimeSpan After) : PoolMove;
}
