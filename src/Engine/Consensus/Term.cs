using System.Globalization;

namespace Cluster.Engine.Consensus;

/// <summary>A Raft term (Raft 5.1): the logical clock of a group. At most one leader in each; never goes back.</summary>
public readonly record struct Term(ulong Value) : IComparable<Term>
{
    /// <summary>Before the first election, and the term of "no entry".</summary>
    public static readonly Term Zero;

    public Term Next => new(Value + 1);

    public int CompareTo(Term other) => Value.CompareTo(other.Value);

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);

    public static bool operator <(Term left, Term right) => left.Value < right.Value;
    public static bool operator >(Term left, Term right) => left.Value > right.Value;
    public static bool operator <=(Term left, Term right) => left.Value <= right.Value;
    public static bool operator >=(Term left, Term right) => left.Value >= right.Value;
}
