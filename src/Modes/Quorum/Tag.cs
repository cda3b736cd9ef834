using System.Globalization;

namespace Cluster.Modes.Quorum;

/// <summary>
/// Orders all writes of a key: a counter that was read from a quorum and raised by one, then the writer (Lynch and Shvartsman 1997, section 3). Two writes never have the same one: a node draws
/// <paramref name="Write"/> at random for each.
/// </summary>
/// <param name="Counter">From 1. Above that of every write that had ended when this one began, where quorums intersect.</param>
/// <param name="Node">Who gave the tag: decides between equal counters.</param>
/// <param name="Write">Tells two writes of one node with the same counter apart.</param>
public sealed record Tag(long Counter, string Node, long Write) : IComparable<Tag>
{
    /// <summary>The later of two; null is before all.</summary>
    public static Tag? Later(Tag? one, Tag? other) => one is null ? other : other is null || one.CompareTo(other) >= 0 ? one : other;

    public int CompareTo(Tag? other) => other is null ? 1
        : Counter.CompareTo(other.Counter) is var byCounter and not 0 ? byCounter
        : string.CompareOrdinal(Node, other.Node) is var byNode and not 0 ? byNode
        : Write.CompareTo(other.Write);

    public static bool operator <(Tag left, Tag right) => left.CompareTo(right) < 0;

    public static bool operator >(Tag left, Tag right) => left.CompareTo(right) > 0;

    public static bool operator <=(Tag left, Tag right) => left.CompareTo(right) <= 0;

    public static bool operator >=(Tag left, Tag right) => left.CompareTo(right) >= 0;

    /// <summary>As clients see it: <c>5@n1</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Counter}@{Node}");
}
