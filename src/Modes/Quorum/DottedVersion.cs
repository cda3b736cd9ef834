using System.Text.Json.Serialization;

namespace Cluster.Modes.Quorum;

/// <summary>
/// One of the values that were written with a context. Its dot (stay, sequence) names it for good: a replica that has seen the dot and has the version no more knows that it was replaced
/// (Preguiça et al., Dotted Version Vectors, 2010).
/// </summary>
/// <param name="Stay">Of the key on the replica that numbered it: see <see cref="Dot"/>.</param>
/// <param name="Sequence">See <see cref="Dot"/>.</param>
/// <param name="Tag">Its place among all writes of the key.</param>
/// <param name="Value">Null: a deletion.</param>
public sealed record DottedVersion([property: JsonPropertyName("node")] string Stay, long Sequence, Tag Tag, string? Value);
