using Cluster.Engine.Port;
using Cluster.Shared.Results;
using Google.Protobuf;

namespace Cluster.Node.Resp.Subscriptions;

/// <summary>What one connection subscribes to. Changed on its reading turn; counts are read by others, a little old at worst.</summary>
/// <param name="deliver">Takes a message for the connection; called on whatever thread brings it.</param>
internal sealed class ConnectionSubscriptions(IPubSub pubSub, int most, Action<TopicDelivery> deliver) : ITopicSubscriber
{
    private readonly HashSet<ByteString>[] names = [[], [], []];

    /// <summary>Subscriptions to topics and patterns: what confirmations of both tell.</summary>
    public int Unsharded => Count(TopicKind.Topic) + Count(TopicKind.Pattern);

    public bool Any => Unsharded + Count(TopicKind.Sharded) > 0;

    public int Count(TopicKind kind) => names[(int)kind].Count;

    /// <summary>The names of one kind, in the order of subscription.</summary>
    public IReadOnlyList<ByteString> Names(TopicKind kind) => [.. names[(int)kind]];

    /// <returns>Why not; null when it is subscribed, now or before.</returns>
    public ClusterError? Add(TopicKind kind, ByteString name)
    {
        if (names[(int)kind].Contains(name))
        {
            return null;
        }

        if (Unsharded + Count(TopicKind.Sharded) >= most)
        {
            return new ClusterError(ErrorCode.BadRequest, $"a connection has at most {most} subscriptions");
        }

        if (pubSub.Subscribe(new TopicFilter(kind, name), this) is { } refused)
        {
            return refused;
        }

        names[(int)kind].Add(name);
        return null;
    }

    /// <summary>Ends a subscription: no message of it comes after this.</summary>
    public void Remove(TopicKind kind, ByteString name)
    {
        if (names[(int)kind].Remove(name))
        {
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
}
