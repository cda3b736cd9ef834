namespace Cluster.Lab.Checkers.Sessions;

/// <summary>What one client may expect of its own operations (Terry et al., Session Guarantees for Weakly Consistent Replicated Data, 1994).</summary>
public enum SessionGuarantee
{
    /// <summary>A read sees what this client wrote before, or something newer.</summary>
    ReadYourWrites,

    /// <summary>A read sees what this client read before, or something newer.</summary>
    MonotonicReads,

    /// <summary>Who has seen a write sees what its writer wrote before it.</summary>
    MonotonicWrites,

    /// <summary>Who has seen a write sees what its writer had read before it.</summary>
    WritesFollowReads,
}
