using System.Text.Json;
using System.Text.Json.Serialization;
using Cluster.Shared.Http;

namespace Cluster.Node.Http;

/// <summary>JSON of recorded messages: parts that a kind of message has not are left out, since an answer carries many.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, RespectRequiredConstructorParameters = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(MessageRecordView))]
[JsonSerializable(typeof(RecordingView))]
[JsonSerializable(typeof(RecordingRequest))]
internal sealed partial class RecordingJson : JsonSerializerContext;
