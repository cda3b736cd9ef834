namespace Cluster.Lab.Checkers.Transactions;

/// <summary>What transactions may not do to each other, each level all of the one before and more (Adya, Liskov and O'Neil, Generalized Isolation Level Definitions, 2000).</summary>
public enum IsolationLevel
{
    /// <summary>PL-2: no G0, no G1.</summary>
    ReadCommitted,

    /// <summary>No cycle with a single anti-dependency (G-single) either; write skew (G2) may happen.</summary>
    SnapshotIsolation,

    /// <summary>PL-3: no cycle at all.</summary>
    Serializable,

    /// <summary>No cycle, and the order agrees with real time (Herlihy and Wing's linearizability, for transactions).</summary>
    StrictSerializable,
}
