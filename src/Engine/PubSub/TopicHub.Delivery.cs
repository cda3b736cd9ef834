using System.Collections.Immutable;
using System.Globalization;
using Cluster.Engine.Actors.Remote;
using Cluster.Engine.Port;
using Cluster.Shared.Patterns;
using Cluster.Shared.Results;
using Cluster.Shared.Wire;

namespace Cluster.Engine.PubSub;

/// <content>
/// The last step: messages to subscribers of this node. A subscriber may publish while it hears; what it publishes waits behind what is being delivered, so that others hear the two in the order
/// in which they were published.
/// </content>
internal sealed partial class TopicHub
{
    /// <summary>Messages published by subscribers while they hear one: more is a circle, which would hold the hub for ever.</summary>
    private const int MostPublishedWithin = 1_000;

    private readonly Queue<(TopicDelivery Delivery, ImmutableArray<ITopicSubscriber> Subscribers)> waiting = new();
    private bool isDelivering;
    private int publishedWithin;

    private int ToAllHere(TopicMessage message, object? record)
    {
        var kind = (TopicKind)message.Kind;
        var here = ToSubscribers(message, record, new TopicFilter(kind, message.Topic));
        if (kind == TopicKind.Topic)
        {
            foreach (var pattern in local.Patterns)
            {
                if (Glob.Matches(pattern.Span, message.Topic.Span))
                {
                    here += ToSubscribers(message, record, new TopicFilter(TopicKind.Pattern, pattern));
                }
            }
        }

        return here;
    }

    private int ToSubscribers(TopicMessage message, object? record, in TopicFilter filter)
    {
        var subscribers = local.Find(filter);
        if (!subscribers.IsEmpty)
        {
            waiting.Enqueue((NewDelivery(message, record, filter), subscribers));
        }

        return subscribers.Length;
    }

    private int ToOneHere(TopicMessage message, object? record, string group)
    {
        var filter = new TopicFilter(TopicKind.Topic, message.Topic, group);
        var members = local.Find(filter);
        if (members.IsEmpty)
        {
            return 0;
        }

        waiting.Enqueue((NewDelivery(message, record, filter), [members[links.Random.Next(members.Length)]]));
        return 1;
    }

    /// <summary>Why a subscriber may not publish from within a delivery; null when it may, or when nothing is being delivered.</summary>
    private ClusterError? WhyNotWithin() => isDelivering && ++publishedWithin > MostPublishedWithin
        ? new ClusterError(ErrorCode.Overloaded, string.Create(CultureInfo.InvariantCulture, $"subscribers have published {MostPublishedWithin} messages while they heard one: somebody publishes what it hears"))
        : null;

    /// <summary>Hands over what waits, in order. Called by a subscriber that publishes while it hears it does nothing: whoever delivers to that one goes on with it.</summary>
    private void DeliverWaiting()
    {
        if (isDelivering)
        {
            return;
        }

        (isDelivering, publishedWithin) = (true, 0);
        while (waiting.TryDequeue(out var next))
        {
            foreach (var subscriber in next.Subscribers)
            {
                Deliver(next.Delivery, subscriber);
            }
        }

        isDelivering = false;
    }

    private void Deliver(TopicDelivery delivery, ITopicSubscriber subscriber)
    {
        try
        {
            subscriber.Deliver(delivery);
            Counts.Delivered++;
        }
#pragma warning disable CA1031 // One subscriber's bug must not keep the message from the others, nor break the link that it came by.
        catch (Exception)
#pragma warning restore CA1031
        {
            Counts.Failed++;
        }
    }

    private TopicDelivery NewDelivery(TopicMessage message, object? record, in TopicFilter filter)
    {
        var encoded = new EncodedMessage(message.Type, message.Version, message.Payload.Memory);
        return new TopicDelivery(filter, message.Topic, message.Payload, message.Type, () => record ?? (codec.TryDecode(encoded, out var decoded, out _) ? decoded : null));
    }
}
