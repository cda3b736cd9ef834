using System.Text.Json;
using System.Text.Json.Serialization;

namespace Cluster.Lab.Workloads.Recipes;

/// <summary>A record of a pipeline's output: its key is who sent the input.</summary>
internal sealed record OutputRecord(string Key, string Value);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(OutputRecord[]))]
internal sealed partial class PipelineJson : JsonSerializerContext;
