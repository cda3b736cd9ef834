using System.Globalization;
using Cluster.Engine.Port;
using Cluster.Node.Subscribers;
using Cluster.Shared.Results;
using Google.Protobuf;

namespace Cluster.Node.Resp.Subscriptions;

/// <summary>What one connection subscribes to, bounded. Changed on its reading turn; counts are read by others, a little old at worst.</summary>
/// <param name="deliver">Takes a message for the connection; called on whatever thread brings it.</param>
internal sealed class ConnectionSubscriptions(IPubSub pubSub, SubscriberOptions options, Action<TopicDelivery> deliver) : ITopicSubscriber
{
    private readonly HashSet<ByteString>[] names = [[], [], []];
    private int total;
    private int patternBytes;

    /// <summary>Asked for each command, so it is one number.</summary>
    public bool Any => total > 0;

    public int Count(TopicKind kind) => names[(int)kind].Count;

    public bool Has(TopicKind kind, ByteString name) => names[(int)kind].Contains(name);

    /// <summary>The names of one kind, in the order of subscription.</summary>
    public IReadOnlyList<ByteString> Names(TopicKind kind) => [.. names[(int)kind]];

    /// <summary>All of the names or, when one is refused, none of them: then no message of any has come.</summary>
    /// <returns>Why not; null when all are subscribed to, now or before.</returns>
    public ClusterError? Add(TopicKind kind, IReadOnlyList<ByteString> added)
    {
        List<ByteString> fresh = [.. added.Where(name => !Has(kind, name)).Distinct()];
        var bytes = patternBytes + (kind == TopicKind.Pattern ? fresh.Sum(name => name.Length) : 0);
        if (Overflow(kind, fresh.Count, bytes) is { } full)
        {
            return full;
        }

        if (fresh.Count > 0 && pubSub.Subscribe([.. fresh.Select(name => new TopicFilter(kind, name))], this) is { } refused)
        {
            return refused;
        }

        names[(int)kind].UnionWith(fresh);
        (total, patternBytes) = (total + fresh.Count, bytes);
        return null;
    }

    /// <summary>Ends a subscription: no message of it comes after this.</summary>
    public void Remove(TopicKind kind, ByteString name)
    {
        if (names[(int)kind].Remove(name))
        {
            total--;
            patternBytes -= kind == TopicKind.Pattern ? name.Length : 0;
            pubSub.Unsubscribe(new TopicFilter(kind, name), this);
        }
    }

    public void Clear()
    {
        foreach (var kind in Enum.GetValues<TopicKind>())
        {
            foreach (var name in Names(kind))
            {
                Remove(kind, name);
            }
        }
    }

    public void Deliver(TopicDelivery delivery) => deliver(delivery);

    private ClusterError? Overflow(TopicKind kind, int fresh, int bytes) =>
        total + fresh > options.MaxSubscriptions ? Bad($"a connection has at most {options.MaxSubscriptions} subscriptions")
        : kind == TopicKind.Pattern && Count(kind) + fresh > options.MaxPatterns ? Bad($"a connection has at most {options.MaxPatterns} patterns")
        : bytes > options.MaxPatternBytes ? Bad($"a connection's patterns have at most {options.MaxPatternBytes} bytes together, and with these they would have {bytes}")
        : null;

    private static ClusterError Bad(FormattableString why) => new(ErrorCode.BadRequest, why.ToString(CultureInfo.InvariantCulture));
}
