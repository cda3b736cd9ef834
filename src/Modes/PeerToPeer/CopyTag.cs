using System.Globalization;

namespace Cluster.Modes.PeerToPeer;

/// <summary>Which of two values of a key is newer: a logical time, one above the highest that its writer had found, and the writer for those that found the same (Lamport 1978). Written <c>7@n1-3f</c>.</summary>
/// <param name="Writer">Another one for each write, so that no two tags are equal.</param>
public sealed record CopyTag(long Count, string Writer) : IComparable<CopyTag>
{
    public static bool operator <(CopyTag one, CopyTag other) => one.CompareTo(other) < 0;

    public static bool operator >(CopyTag one, CopyTag other) => one.CompareTo(other) > 0;

    public static bool operator <=(CopyTag one, CopyTag other) => one.CompareTo(other) <= 0;

    public static bool operator >=(CopyTag one, CopyTag other) => one.CompareTo(other) >= 0;

    public int CompareTo(CopyTag? other) => other is null ? 1 : Count != other.Count ? Count.CompareTo(other.Count) : string.CompareOrdinal(Writer, other.Writer);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Count}@{Writer}");
}
