namespace Cluster.Lab.Tests.Workloads;

/// <summary>What is wrong with a store, so that its checkers have something to find.</summary>
public enum Flaw
{
    None,

    /// <summary>Some reads see the value before the present one.</summary>
    StaleReads,

    /// <summary>Some writes are acknowledged and not there.</summary>
    LostWrites,

    /// <summary>Some increments, appends and transactions take effect twice.</summary>
    AppliedTwice,

    /// <summary>Transactions read and write one key after the other, and do not look whether one has changed meanwhile.</summary>
    NotAtomic,

    /// <summary>Some elements of a value change places, and some records offsets.</summary>
    Reordered,
}
