using System.Text.Json.Serialization;

namespace Cluster.Engine.Storage;

/// <summary>Generated serialization of <c>node.json</c>: no reflection at start.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(NodeIdentityFile))]
internal sealed partial class NodeIdentityJson : JsonSerializerContext;
