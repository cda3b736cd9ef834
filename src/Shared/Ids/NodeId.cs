using System.Globalization;

namespace Cluster.Shared.Ids;

/// <summary>
/// A node's number inside its cluster: handed out by the control plane when the node first joins, never used again
/// for another node, kept in the node's data directory. 0 stands for "not yet a member".
/// </summary>
public readonly record struct NodeId(uint Value) : IComparable<NodeId>
{
    /// <summary>The id of a node that no control plane has accepted yet.</summary>
    public static readonly NodeId None;

    public bool IsNone => Value == 0;

    public int CompareTo(NodeId other) => Value.CompareTo(other.Value);

    public override string ToString() => IsNone ? "-" : "#" + Value.ToString(CultureInfo.InvariantCulture);

    public static bool operator <(NodeId left, NodeId right) => left.Value < right.Value;
    public static bool operator >(NodeId left, NodeId right) => left.Value > right.Value;
    public static bool operator <=(NodeId left, NodeId right) => left.Value <= right.Value;
    public static bool operator >=(NodeId left, NodeId right) => left.Value >= right.Value;
}
