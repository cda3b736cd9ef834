using System.Threading.Channels;
using Cluster.Engine.Port;
using Cluster.Node.Subscribers;
using Cluster.Shared.Results;

namespace Cluster.Node.Http;

/// <summary>
/// One client's subscription as a stream of server-sent events. What it has not read yet waits in its backlog, whose limits cut it off; at most once, so there is nothing to
/// resume: who connects again hears what comes from then on.
/// </summary>
internal sealed class TopicStream(HttpResponse response, SubscriberBacklog backlog, EventStreamOptions options, TimeProvider time) : ITopicSubscriber
{
    private readonly Channel<TopicEvent> waiting = Channel.CreateUnbounded<TopicEvent>(new UnboundedChannelOptions { SingleReader = true });

    /// <summary>Subscribes and writes what comes, until cancelled.</summary>
    /// <returns>Why not, before anything is written.</returns>
    /// <exception cref="TimeoutException">The client takes nothing.</exception>
    public async Task<ClusterError?> WriteAsync(IPubSub pubSub, TopicFilter filter, CancellationToken cancellation)
    {
        if (pubSub.Subscribe(filter, this) is { } refused)
        {
            return refused;
        }

        try
        {
            var writer = new EventWriter(response, options, time);
            writer.Write("event: subscribed\ndata: {}\n\n"u8);
            while (await writer.IsThereAsync(waiting.Reader.WaitToReadAsync(cancellation).AsTask(), cancellation).ConfigureAwait(false))
            {
                while (waiting.Reader.TryRead(out var next))
                {
                    writer.Write(next.Bytes);
                    backlog.Remove();
                    await writer.FlushFullAsync(cancellation).ConfigureAwait(false);
                }
            }

            return null;
        }
        finally
        {
            pubSub.Unsubscribe(filter, this);
        }
    }

    public void Deliver(TopicDelivery delivery)
    {
        var made = TopicEvent.Of(delivery);
        if (backlog.TryAdd(made.Waiting))
        {
            waiting.Writer.TryWrite(made);
        }
    }
}
