using System.Text.Json.Serialization;

namespace Cluster.Shared.Scenarios;

/// <summary>What a scenario can be played on. The names are those of the engines in <c>verdict.json</c>.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ScenarioBackend>))]
public enum ScenarioBackend
{
    /// <summary>The simulator: one thread, virtual time, and nothing in it that the seed does not decide.</summary>
    [JsonStringEnumMemberName("sim")]
    Sim,

    /// <summary>Processes of this machine, which the lab starts.</summary>
    [JsonStringEnumMemberName("process")]
    Process,

    /// <summary>Containers.</summary>
    [JsonStringEnumMemberName("compose")]
    Compose,

    /// <summary>Nodes on machines elsewhere.</summary>
    [JsonStringEnumMemberName("remote")]
    Remote,
}
