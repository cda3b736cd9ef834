using System.Text.Json;
using System.Text.Json.Serialization;

namespace Cluster.Lab.Messages;

/// <summary>The line of <c>messages.jsonl</c>: what a message has not is left out.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, IgnoreReadOnlyProperties = true)]
[JsonSerializable(typeof(RecordedMessage))]
internal sealed partial class MessageJson : JsonSerializerContext;
