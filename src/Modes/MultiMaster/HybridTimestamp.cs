using System.Globalization;

namespace Cluster.Modes.MultiMaster;

/// <summary>A reading of a hybrid logical clock (Kulkarni et al. 2014): a wall clock's time that never goes back, and a count of what happened within it. Written <c>1764536557123.4</c>.</summary>
/// <param name="Ms">Milliseconds since 1970, of the clock that is furthest ahead among all that this one has heard of.</param>
/// <param name="Count">Tells apart what happened at one <see cref="Ms"/>.</param>
public readonly record struct HybridTimestamp(long Ms, int Count) : IComparable<HybridTimestamp>
{
    public static bool operator >(HybridTimestamp one, HybridTimestamp other) => one.CompareTo(other) > 0;

    public static bool operator <(HybridTimestamp one, HybridTimestamp other) => one.CompareTo(other) < 0;

    public static bool operator >=(HybridTimestamp one, HybridTimestamp other) => one.CompareTo(other) >= 0;

    public static bool operator <=(HybridTimestamp one, HybridTimestamp other) => one.CompareTo(other) <= 0;

    public int CompareTo(HybridTimestamp other) => Ms != other.Ms ? Ms.CompareTo(other.Ms) : Count.CompareTo(other.Count);

    public override string ToString() => FormattableString.Invariant($"{Ms}.{Count}");

    /// <summary>Reads what <see cref="ToString"/> gives. Null where it is none.</summary>
    public static HybridTimestamp? TryParse(string text)
    {
        var point = text.IndexOf('.', StringComparison.Ordinal);
        return point > 0
            && long.TryParse(text.AsSpan(0, point), NumberStyles.None, CultureInfo.InvariantCulture, out var ms)
            && int.TryParse(text.AsSpan(point + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            ? new HybridTimestamp(ms, count)
            : null;
    }
}
