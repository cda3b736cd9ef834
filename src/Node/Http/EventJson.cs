using System.Text.Json;
using System.Text.Json.Serialization;
using Cluster.Shared.Http;

namespace Cluster.Node.Http;

/// <summary>JSON of events: parts that a kind of event has not are left out, since a stream carries many.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ClusterEventView))]
[JsonSerializable(typeof(IReadOnlyList<ClusterEventView>))]
internal sealed partial class EventJson : JsonSerializerContext;
