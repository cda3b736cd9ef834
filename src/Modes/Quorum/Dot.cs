using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Cluster.Modes.Quorum;

/// <summary>
/// The name of one version of a key, given once: who numbered it, and the number. A list of them, one for each that numbered, is a version vector: it stands for all dots of the key up to those.
/// </summary>
/// <param name="Stay">
/// One stay of the key on one node: <c>n1.7f3a</c>. It begins with the first version that the node numbers, which draws the second half at random, and ends when the node has the key no more. A node's name alone
/// would not do: who comes back with an empty disk, or has a key moved off it and back, does not know what it had numbered, and a vector would say that it did.
/// </param>
/// <param name="Sequence">From 1, over all keys of the node; never less than an earlier one of the stay.</param>
public sealed record Dot([property: JsonPropertyName("node")] string Stay, long Sequence)
{
    /// <summary>The version vector of these dots, in the order of the stays.</summary>
    public static ImmutableArray<Dot> Last(IEnumerable<Dot> dots) =>
        [.. dots.GroupBy(dot => dot.Stay, StringComparer.Ordinal).Select(stay => stay.MaxBy(dot => dot.Sequence)!).OrderBy(dot => dot.Stay, StringComparer.Ordinal)];
}
