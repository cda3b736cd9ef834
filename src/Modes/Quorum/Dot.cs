using System.Collections.Immutable;

namespace Cluster.Modes.Quorum;

/// <summary>One numbered event of one replica. A list of them, one for each replica, is a version vector: it stands for all dots up to those.</summary>
/// <param name="Sequence">From 1.</param>
public sealed record Dot(string Node, long Sequence)
{
    /// <summary>The version vector of these dots, in the order of the names.</summary>
    public static ImmutableArray<Dot> Last(IEnumerable<Dot> dots) =>
        [.. dots.GroupBy(dot => dot.Node, StringComparer.Ordinal).Select(node => node.MaxBy(dot => dot.Sequence)!).OrderBy(dot => dot.Node, StringComparer.Ordinal)];
}
