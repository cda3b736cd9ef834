using System.Text.Json.Serialization;

namespace Cluster.Modes.CircuitBreaker;

/// <summary>What is wrong with a dependency, on purpose.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<HealthKind>))]
internal enum HealthKind
{
    [JsonStringEnumMemberName("fast")]
    Fast,

    /// <summary>Every request takes the latency, and few are served at once.</summary>
    [JsonStringEnumMemberName("slow")]
    Slow,

    /// <summary>A share of requests fails at once.</summary>
    [JsonStringEnumMemberName("failing")]
    Failing,

    /// <summary>By turns failing and fast, a period each.</summary>
    [JsonStringEnumMemberName("flapping")]
    Flapping,
}
