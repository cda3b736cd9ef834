using System.Text.Json.Serialization;

namespace Cluster.Lab.Comparison;

/// <summary>How compare.json is written, and read again.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(ComparisonReport))]
public sealed partial class ComparisonJson : JsonSerializerContext;
