using System.Globalization;

namespace Cluster.Shared.Ids;

/// <summary>How often a node has started on its data directory: grows by one at each start, so that two lives of one node are told apart.</summary>
public readonly record struct Incarnation(ulong Value) : IComparable<Incarnation>
{
    public int CompareTo(Incarnation other) => Value.CompareTo(other.Value);

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);

    public static bool operator <(Incarnation left, Incarnation right) => left.Value < right.Value;
    public static bool operator >(Incarnation left, Incarnation right) => left.Value > right.Value;
    public static bool operator <=(Incarnation left, Incarnation right) => left.Value <= right.Value;
    public static bool operator >=(Incarnation left, Incarnation right) => left.Value >= right.Value;
}
