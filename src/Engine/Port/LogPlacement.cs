using System.Text;
using Cluster.Shared.Slots;

namespace Cluster.Engine.Port;

/// <summary>
/// Where a partition of the durable log lives. Partitions of one number whose topics carry the same hash tag, as <c>{orders}.paid/3</c> and <c>{orders}.sent/3</c>, live in one shard, so
/// that one transaction can reach both; those of different numbers are spread, as are topics without a tag.
/// </summary>
public static class LogPlacement
{
    /// <summary>What decides the shard: the topic's tag, or the topic, with the partition's number.</summary>
    public static string Group(string partition)
    {
        ArgumentNullException.ThrowIfNull(partition);
        var open = partition.IndexOf('{', StringComparison.Ordinal);
        var close = open < 0 ? -1 : partition.IndexOf('}', open);
        var number = partition.LastIndexOf('/');
        return close > open + 1 && number > close ? string.Concat(partition.AsSpan(open + 1, close - open - 1), partition.AsSpan(number)) : partition;
    }

    /// <summary>The hash slot of a partition.</summary>
    public static int SlotOf(string partition) => HashSlot.Of(Encoding.UTF8.GetBytes(Group(partition)));
}
