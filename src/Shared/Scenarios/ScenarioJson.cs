using System.Text.Json;
using System.Text.Json.Serialization;

namespace Cluster.Shared.Scenarios;

/// <summary>Scenarios as JSON: the node program tells its own, the console reads them and orders the simulator.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Scenario))]
[JsonSerializable(typeof(SimulationOrder))]
public sealed partial class ScenarioJson : JsonSerializerContext;
