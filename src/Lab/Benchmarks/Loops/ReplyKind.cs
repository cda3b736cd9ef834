namespace Cluster.Lab.Benchmarks.Loops;

/// <summary>What a benchmark has to know of a reply.</summary>
public enum ReplyKind
{
    Ok,

    /// <summary>Nothing is stored there.</summary>
    Null,

    Error,
}
