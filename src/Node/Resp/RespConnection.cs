using Cluster.Engine.Port;
using Cluster.Node.Resp.Protocol;
using Cluster.Node.Resp.Subscriptions;
using Cluster.Node.Subscribers;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace Cluster.Node.Resp;

/// <summary>
/// One RESP connection: a reading side that starts commands as they arrive, and a writing side that answers in their order. Commands run side by side as far
/// as <see cref="ReplyQueue"/> lets them; a client that does not read its replies is not read from.
/// </summary>
internal sealed partial class RespConnection : IThreadPoolWorkItem, IDisposable
{
    private readonly RespServer server;
    private readonly RespSession session;
    private readonly ConnectionContext connection;
    private readonly RespMetrics metrics;
    private readonly ILogger log;
    private readonly RespParser parser;
    private readonly RespWriter writer;
    private readonly ReplyQueue queue;
    private readonly PushQueue pushes;
    private readonly EventFeed events;
    private readonly Func<ValueTask<bool>> flushIfFull;

    /// <summary>Of a connection that has ever subscribed; most never do.</summary>
    private SubscriberBacklog? backlog;
    private bool isWoken;

    /// <summary>Set when nobody reads the replies any more: longer commands need not go on.</summary>
    private readonly CancellationTokenSource gone = new();

    public RespConnection(RespServer server, RespSession session, ConnectionContext connection, RespMetrics metrics, ILogger log)
    {
        this.server = server;
        this.session = session;
        this.connection = connection;
        this.metrics = metrics;
        this.log = log;
        parser = new RespParser(server.Options);
        writer = new RespWriter(connection.Transport.Output);
        queue = new ReplyQueue(server.Options);
        pushes = new PushQueue(server.Options.MaxPendingPushes);
        events = new EventFeed(Push);
        flushIfFull = FlushIfFullAsync;
    }

    public async Task RunAsync()
    {
        // A node that stops asks its connections to end: what was received is answered, no more is read.
        var stopping = connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested ?? CancellationToken.None;
        using var stopped = stopping.Register(StopReading, connection.Transport.Input);
        using var drained = server.Draining.Register(StopReading, connection.Transport.Input);
        session.Kill = Kill;
        session.Events = events;
        session.OpenSubscriptions = OpenSubscriptions;
        session.NextConfirmation = pushes.NextConfirmation;
        var writing = WriteRepliesAsync();
        try
        {
            await ReadCommandsAsync().ConfigureAwait(false);
        }
        finally
        {
            events.Stop();
            session.Subscriptions?.Clear();
            queue.Complete();
            await writing.ConfigureAwait(false);
        }

        if (parser.Error.Length > 0)
        {
            await LingerAsync().ConfigureAwait(false);
        }
    }

    private bool Push(RespValue push)
    {
        var added = pushes.TryAdd(push);
        queue.Publish();
        return added;
    }

    /// <summary>On its first subscription: what waits for it counts from now on.</summary>
    private ConnectionSubscriptions OpenSubscriptions()
    {
        backlog = server.Subscribers.Open($"{session.Remote} (RESP connection {session.Id})", Kill);
        return new ConnectionSubscriptions(server.PubSub, server.Subscribers.Options, Deliver);
    }

    /// <summary>
    /// Takes a message of a subscription. The writing side is woken on another thread: whoever publishes goes on, and what comes meanwhile goes out with one system
    /// call, the more the busier the machine is.
    /// </summary>
    private void Deliver(TopicDelivery delivery)
    {
        var push = MessagePush.Of(delivery);
        if (backlog!.TryAdd(push.Waiting))
        {
            pushes.AddMessage(push);
            if (!Interlocked.Exchange(ref isWoken, true))
            {
                ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
            }
        }
    }

    void IThreadPoolWorkItem.Execute()
    {
        Volatile.Write(ref isWoken, false); // Before it looks: what comes from now on wakes it again.
        queue.Publish();
    }

    /// <summary>No more is read; replies that nobody has seen yet are dropped.</summary>
    private void Kill() => connection.Abort();

    private static void StopReading(object? input) => ((System.IO.Pipelines.PipeReader)input!).CancelPendingRead();

    public void Dispose()
    {
        events.Dispose();
        backlog?.Dispose();
        gone.Dispose();
    }
}
