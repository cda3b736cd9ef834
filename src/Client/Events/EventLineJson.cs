using System.Text.Json;
using System.Text.Json.Serialization;
using Cluster.Shared.Http;

namespace Cluster.Client.Events;

/// <summary>Events as the console prints them with <c>-o json</c>: as the nodes gave them, absent parts left out; one in a line when they are followed.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ClusterEventView))]
[JsonSerializable(typeof(IReadOnlyList<ClusterEventView>))]
internal sealed partial class EventLineJson : JsonSerializerContext
{
    public static EventLineJson Indented => new(new JsonSerializerOptions(Default.Options) { WriteIndented = true });
}
