namespace Cluster.Modes.Storage;

/// <summary>
/// What a storage mode claims of an operation, from the strongest down. Names as in Viotti and Vukolić, "Consistency in Non-Transactional Distributed Storage Systems" (2016).
/// </summary>
public enum ConsistencyModel
{
    /// <summary>As one copy, in an order that agrees with real time (Herlihy and Wing 1990).</summary>
    Linearizable,

    /// <summary>As one copy, in an order that each client's own operations keep (Lamport 1979).</summary>
    Sequential,

    /// <summary>Read your writes, monotonic reads, monotonic writes, writes follow reads (Terry et al. 1994).</summary>
    Session,

    /// <summary>Never further behind than a stated time.</summary>
    BoundedStaleness,

    /// <summary>Replicas that have seen the same writes say the same, in whatever order they saw them (Shapiro et al. 2011).</summary>
    StrongEventual,

    /// <summary>Once nobody writes, all replicas come to say the same (Vogels 2009). Meanwhile anything that was written may be read.</summary>
    Eventual,
}
