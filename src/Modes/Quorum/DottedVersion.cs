namespace Cluster.Modes.Quorum;

/// <summary>
/// One of the values that were written with a context. Its dot (node, sequence) names it for good: a replica that has seen the dot and has the version no more knows that it was replaced
/// (Preguiça et al., Dotted Version Vectors, 2010).
/// </summary>
/// <param name="Node">The replica that took it first, and numbered it.</param>
/// <param name="Sequence">Of that replica, over all its keys: it never begins anew, so a key that was forgotten and comes back does not reuse one.</param>
/// <param name="Tag">Its place among all writes of the key.</param>
/// <param name="Value">Null: a deletion.</param>
public sealed record DottedVersion(string Node, long Sequence, Tag Tag, string? Value);
