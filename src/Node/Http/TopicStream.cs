using System.Buffers;
using System.IO.Pipelines;
using System.Threading.Channels;
using Cluster.Engine.Port;
using Cluster.Node.Subscribers;
using Cluster.Shared.Results;

namespace Cluster.Node.Http;

/// <summary>
/// One client's subscription as a stream of server-sent events. What it has not read yet waits in its backlog, whose limits cut it off; at most once, so there is nothing to
/// resume: who connects again hears what comes from then on.
/// </summary>
internal sealed class TopicStream : ITopicSubscriber
{
    private readonly Channel<TopicEvent> waiting = Channel.CreateUnbounded<TopicEvent>(new UnboundedChannelOptions { SingleReader = true });
    private readonly SubscriberBacklog backlog;
    private readonly EventStreamOptions options;
    private readonly TimeProvider time;
    private readonly PipeWriter output;
    private readonly HttpResponse response;
    private long unflushed;

    public TopicStream(HttpResponse response, SubscriberBacklog backlog, EventStreamOptions options, TimeProvider time)
    {
        (this.response, this.backlog, this.options, this.time) = (response, backlog, options, time);
        output = response.BodyWriter;
    }

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
            response.ContentType = "text/event-stream";
            response.Headers.CacheControl = "no-store";
            Write("event: subscribed\ndata: {}\n\n"u8);
            while (await IsThereAsync(cancellation).ConfigureAwait(false))
            {
                while (waiting.Reader.TryRead(out var next))
                {
                    Write(next.Bytes);
                    backlog.Remove(next.Bytes.Length);
                    if (unflushed >= options.FlushBytes)
                    {
                        await FlushAsync(cancellation).ConfigureAwait(false);
                    }
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
        if (backlog.TryAdd(made.Bytes.Length))
        {
            waiting.Writer.TryWrite(made);
        }
    }

    /// <summary>Waits for the next message; what is written goes out first, and signs of life as long as nothing comes.</summary>
    private async ValueTask<bool> IsThereAsync(CancellationToken cancellation)
    {
        var next = waiting.Reader.WaitToReadAsync(cancellation).AsTask();
        while (!next.IsCompleted)
        {
            await FlushAsync(cancellation).ConfigureAwait(false);
            try
            {
                return await next.WaitAsync(options.HeartbeatInterval, time, cancellation).ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                Write(": nothing new\n\n"u8);
            }
        }

        return await next.ConfigureAwait(false);
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        output.Write(bytes);
        unflushed += bytes.Length;
    }

    private async ValueTask FlushAsync(CancellationToken cancellation)
    {
        unflushed = 0;
        var flushed = output.FlushAsync(cancellation);
        if (!flushed.IsCompletedSuccessfully)
        {
            await flushed.AsTask().WaitAsync(options.WriteTimeout, time, cancellation).ConfigureAwait(false);
        }
    }
}
