namespace Cluster.Modes.CircuitBreaker;

/// <summary>What came of a call, as its client is told.</summary>
/// <param name="By">The proxy: its node, and which life of it.</param>
/// <param name="Id">The idempotency key.</param>
/// <param name="Outcome">One of the words below.</param>
/// <param name="Attempts">How often the dependency was asked.</param>
/// <param name="Breaker">The state of the breaker in the end.</param>
/// <param name="Ms">From when the node was asked.</param>
internal sealed record CallReport(string To, string By, string Item, string Id, string Outcome, int Attempts, BreakerState Breaker, long Ms)
{
    /// <summary>The dependency answered just now.</summary>
    public const string Fresh = "fresh";

    /// <summary>A read that got no answer: the last known value, with its age.</summary>
    public const string Stale = "stale";

    /// <summary>The dependency was not asked: certainly no effect.</summary>
    public const string Refused = "refused";

    /// <summary>It was asked, and no attempt took effect.</summary>
    public const string Failed = "failed";

    /// <summary>An add of which an attempt was not answered: it may have taken effect, and may yet.</summary>
    public const string Unknown = "unknown";

    /// <summary>The dependency knows the id as that of another call: no effect. A client is refused by it, and gets no report.</summary>
    public const string Conflict = "conflict";

    public const string Open = "open";
    public const string Bulkhead = "bulkhead";
    public const string Budget = "budget";
    public const string Deadline = "deadline";
    public const string Exhausted = "attempts";

    public long? Value { get; init; }

    /// <summary>Which life of the dependency said so.</summary>
    public string? Life { get; init; }

    /// <summary>Of a stale value: it was current at some instant no longer ago than that.</summary>
    public long? AgeMs { get; init; }

    /// <summary>Why there is no fresh answer: open, bulkhead, budget, deadline or attempts.</summary>
    public string? Because { get; init; }

    public string? Why { get; init; }
}
