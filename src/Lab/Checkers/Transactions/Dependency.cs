namespace Cluster.Lab.Checkers.Transactions;

/// <summary>Why one transaction must come before another (Adya 2000).</summary>
internal enum DependencyKind
{
    /// <summary>It wrote the version before the other's.</summary>
    WriteWrite,

    /// <summary>It wrote what the other read.</summary>
    WriteRead,

    /// <summary>It read the version before the other's: an anti-dependency.</summary>
    ReadWrite,

    /// <summary>It was over before the other began.</summary>
    RealTime,
}

/// <param name="To">The later transaction, by its index.</param>
/// <param name="Because">The evidence in words.</param>
internal readonly record struct Dependency(int To, DependencyKind Kind, string Because);
