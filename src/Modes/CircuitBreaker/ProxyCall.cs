namespace Cluster.Modes.CircuitBreaker;

/// <summary>One call to a dependency, from its begin to its report, with what its attempts came to so far.</summary>
/// <param name="number">The node's own, by which its report is given back.</param>
/// <param name="key">The idempotency key: all attempts carry it.</param>
/// <param name="began">When its client asked: its deadline counts from then, the wait for a worker included.</param>
internal sealed class ProxyCall(long number, bool isAdd, string item, string key, TimeSpan began, TimeSpan deadline)
{
    public long Number { get; } = number;

    public bool IsAdd { get; } = isAdd;

    public string Item { get; } = item;

    public string Key { get; } = key;

    public TimeSpan Began { get; } = began;

    public TimeSpan Deadline { get; } = deadline;

    public int Attempts { get; set; }

    /// <summary>Number of the attempt that is under way; 0 between two attempts.</summary>
    public long UnderWay { get; set; }

    public TimeSpan AttemptBegan { get; set; }

    public BreakerPermit Permit { get; set; }

    /// <summary>Whether an attempt ended without a word: it may take effect yet.</summary>
    public bool IsUnanswered { get; set; }

    /// <summary>How the last attempt failed.</summary>
    public string? Why { get; set; }
}
