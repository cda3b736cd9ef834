using System.Text.Json.Serialization;

namespace Cluster.Modes.SharedNothing;

// Between the doors of two nodes, for the X-ray of a key. The keys themselves are the engine's, which has its own vocabulary for them (Shared/Wire/keyvalue.proto).

/// <summary>Asks a node that has a replica of the key's shard what that replica has of it.</summary>
public sealed record PeekKey(string Key);

/// <summary>It has that.</summary>
/// <param name="From">The node's name.</param>
/// <param name="Revision">Of the key; 0 where it has none.</param>
public sealed record KeyPeeked(string From, ulong Revision);

/// <summary>How all of it is written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(PeekKey))]
[JsonSerializable(typeof(KeyPeeked))]
internal sealed partial class SharedNothingJson : JsonSerializerContext;
