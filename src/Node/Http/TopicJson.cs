using System.Text.Json;
using System.Text.Json.Serialization;
using Cluster.Shared.Http;

namespace Cluster.Node.Http;

/// <summary>JSON of messages on a stream: parts that a message has not are left out, since a stream carries many.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(TopicMessageView))]
internal sealed partial class TopicJson : JsonSerializerContext;
