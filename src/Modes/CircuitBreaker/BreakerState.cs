using System.Text.Json.Serialization;

namespace Cluster.Modes.CircuitBreaker;

/// <summary>What a circuit breaker does with a call (Nygard, Release It!, 5.2).</summary>
[JsonConverter(typeof(JsonStringEnumConverter<BreakerState>))]
internal enum BreakerState
{
    /// <summary>Lets every call through, and counts how they end.</summary>
    [JsonStringEnumMemberName("closed")]
    Closed,

    /// <summary>Refuses every call until its interval is over.</summary>
    [JsonStringEnumMemberName("open")]
    Open,

    /// <summary>Lets a few probes through, which decide between the other two.</summary>
    [JsonStringEnumMemberName("half-open")]
    HalfOpen,

    /// <summary>Open by somebody's order, until somebody resets it.</summary>
    [JsonStringEnumMemberName("forced-open")]
    ForcedOpen,
}
