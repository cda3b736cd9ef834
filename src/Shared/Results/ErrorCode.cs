namespace Cluster.Shared.Results;

/// <summary>Why a request was not served. Each code says what the caller may conclude about the request's effect.</summary>
public enum ErrorCode
{
    /// <summary>No error.</summary>
    None = 0,

    /// <summary>The request itself is wrong (too large, unknown, out of range). It had no effect; sending it again is pointless.</summary>
    BadRequest = 1,

    /// <summary>No leader with a majority could be reached. The request had no effect; it may be sent again.</summary>
    Unavailable = 2,

    /// <summary>The deadline passed while the request was under way: it may or may not have taken effect.</summary>
    OutcomeUnknown = 3,

    /// <summary>A bound was met (queue, in-flight bytes). The request had no effect; send it again later.</summary>
    Overloaded = 4,

    /// <summary>The shard's replicas cannot write (disk full or failing). The request had no effect.</summary>
    StorageUnavailable = 5,

    /// <summary>This replica does not lead the shard; the answer names who may. Internal to routing.</summary>
    NotLeader = 6,

    /// <summary>The caller lacks the right (token) for this.</summary>
    Forbidden = 7,

    /// <summary>What was asked for is not there.</summary>
    NotFound = 8,

    /// <summary>The state forbids it (a name taken, a majority would be lost).</summary>
    Conflict = 9,
}
