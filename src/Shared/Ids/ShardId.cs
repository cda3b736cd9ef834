using System.Globalization;

namespace Cluster.Shared.Ids;

/// <summary>A shard's number, from 1. Shard 0 is the control plane: the Raft group that holds members and the shard table.</summary>
public readonly record struct ShardId(uint Value) : IComparable<ShardId>
{
    /// <summary>The control plane's own group.</summary>
    public static readonly ShardId Control;

    public bool IsControl => Value == 0;

    public int CompareTo(ShardId other) => Value.CompareTo(other.Value);

    public override string ToString() => IsControl ? "control" : "s" + Value.ToString(CultureInfo.InvariantCulture);

    public static bool operator <(ShardId left, ShardId right) => left.Value < right.Value;
    public static bool operator >(ShardId left, ShardId right) => left.Value > right.Value;
    public static bool operator <=(ShardId left, ShardId right) => left.Value <= right.Value;
    public static bool operator >=(ShardId left, ShardId right) => left.Value >= right.Value;
}
