using System.Text.Json;
using System.Text.Json.Serialization;

namespace Cluster.Modes.CircuitBreaker;

// From a proxy to a dependency on any node, and back.

/// <summary>One attempt of a call.</summary>
/// <param name="Call">The caller's number of the call, given back in the answer.</param>
/// <param name="Attempt">The caller's number of this attempt, given back.</param>
/// <param name="From">The proxy: its node, and which life of it.</param>
/// <param name="Key">The idempotency key, the same for all attempts of a call.</param>
/// <param name="Number">Which attempt of its call, from 1.</param>
/// <param name="Probe">The generation of the half-open breaker that lets it through; 0 for a closed one.</param>
/// <param name="LeftMs">What is left of the call's deadline. A length, since clocks differ (as gRPC's grpc-timeout).</param>
internal sealed record Invoke(long Call, long Attempt, string From, string Key, int Number, long Probe, bool IsAdd, string Item, long LeftMs);

/// <summary>Answers <see cref="Invoke"/>.</summary>
/// <param name="Life">Which life of the dependency answers.</param>
/// <param name="Value">The counter; of an add that had taken effect before, what it was then.</param>
/// <param name="IsRepeat">Whether the value is one of before.</param>
/// <param name="Failure">Why it certainly had no effect; null where it was served.</param>
internal sealed record Invoked(long Call, long Attempt, long Value, string Life, bool IsRepeat, string? Failure)
{
    /// <summary>Whether it failed by its caller's mistake, an id that was given to another item: the dependency is well, and would say the same again.</summary>
    public bool IsConflict { get; init; }
}

// From a node's door to a dependency: how well it is to be, and what it has received.
internal sealed record SetHealth(BackendHealth Health);

internal sealed record HealthIs(string Name, string Life, BackendHealth Health);

internal sealed record AskReceived(string Name, long From);

/// <summary>Answers <see cref="AskReceived"/>.</summary>
/// <param name="First">The oldest attempt that is remembered.</param>
/// <param name="Last">The newest; 0 where there was none.</param>
internal sealed record ReceivedPage(string Name, string Life, long First, long Last, IReadOnlyList<AttemptSeen> Attempts);

/// <summary>An attempt as the dependency saw it.</summary>
/// <param name="AtMs">When it came, on the dependency's monotonic clock.</param>
internal sealed record AttemptSeen(long Seq, string Id, string From, int Number, long Probe, double AtMs)
{
    public const string Waiting = "waiting";
    public const string Effect = "effect";
    public const string Repeat = "repeat";
    public const string Read = "read";
    public const string Failed = "failed";
    public const string Overloaded = "overloaded";
    public const string Expired = "expired";

    /// <summary>What became of it: effect (an add), repeat (of one that had taken effect), read, failed, overloaded, expired (its caller no longer waited), or waiting still.</summary>
    public required string Fate { get; set; }
}

// What clients are answered, in JSON.
internal sealed record ProxiesView(string Node, int Workers, int Busy, int Waiting, IReadOnlyList<ProxyView> Proxies);

internal sealed record ProxyView(string To, string By, BreakerState State, long OpenForMs, WindowView Window, int UnderWay, int MaxConcurrent, int RetriesLeft, ProxyTally Tally, IReadOnlyList<BreakerTransition> Transitions);

internal sealed record WindowView(int Calls, int Failed, int Slow, double FailureRate, double SlowCallRate);

/// <param name="BareNs">Nanoseconds of a call's work by itself: the median of the turns.</param>
/// <param name="AddedNs">What the closed breaker adds to it, with the two looks at the clock.</param>
/// <param name="Calls">Measured, of each kind.</param>
/// <param name="Sum">What the work came to, so that no compiler leaves it out.</param>
internal sealed record CostView(double BareNs, double AddedNs, int Calls, uint Sum);

internal sealed record BreakerChanged(string Node, string To, BreakerState State, bool Changed);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Invoke))]
[JsonSerializable(typeof(Invoked))]
[JsonSerializable(typeof(SetHealth))]
[JsonSerializable(typeof(HealthIs))]
[JsonSerializable(typeof(AskReceived))]
[JsonSerializable(typeof(ReceivedPage))]
[JsonSerializable(typeof(CallReport))]
[JsonSerializable(typeof(ProxiesView))]
[JsonSerializable(typeof(BreakerChanged))]
[JsonSerializable(typeof(CostView))]
internal sealed partial class CircuitBreakerJson : JsonSerializerContext;
