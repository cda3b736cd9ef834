using System.Collections.Concurrent;
using Cluster.Engine.Actors.Dispatchers;
using Cluster.Engine.Remoting.Faults;
using Cluster.Engine.Remoting.Handshakes;
using Cluster.Engine.Remoting.Recording;
using Cluster.Engine.Remoting.Tls;
using Cluster.Shared.Ids;
using Google.Protobuf;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;

namespace Cluster.Engine.Remoting.Tcp;

/// <summary>
/// The transport between processes: one TCP connection for each peer and lane on Kestrel's connection layer, whichever side dialled it. Incoming connections are
/// handed in by <see cref="RemotingConnectionHandler"/> or <see cref="StandaloneListener"/>. No peer, and no stranger on the port, can end more than its own connection.
/// </summary>
public sealed partial class TcpTransport : ITransport
{
    private static readonly int ChannelCount = (int)Enum.GetValues<Channel>().Max() + 1;

    private readonly ConcurrentDictionary<NodeAddress, Link>[] links = [new(), new()];
    private readonly ConcurrentDictionary<(NodeAddress Address, Lane Lane), Task> closing = new();
    private readonly FrameHandler?[] handlers = new FrameHandler?[ChannelCount];
    private readonly List<Action<LinkEvent>> listeners = [];
    private readonly DialNumbers numbers = new();
    private readonly CancellationTokenSource stopping = new();
    private readonly LocalNode local;
    private readonly PeerTable peers;
    private readonly Random random;
    private readonly SocketConnectionContextFactory dialler;
    private readonly RemotingMetrics metrics;
    private readonly LinkSecurity? security;
    private readonly StrangerLog strangers;
    private int handshakes;
    private volatile bool started;

    /// <param name="local">Who this node is. Its address must be the one that its listener can be reached at.</param>
    /// <param name="random">Seeds the jitter of dials and the dice of link faults.</param>
    /// <param name="security">Mutual TLS on every link; null for plaintext. There is no way between: a peer that does otherwise is refused.</param>
    public TcpTransport(LocalNode local, RemotingOptions options, TimeProvider clock, Random random, ILogger<TcpTransport> logger, LinkSecurity? security = null)
    {
        (this.local, Options, Clock, Logger) = (local, options.Validate(), clock, logger);
        this.security = security;
        Recorder = new MessageRecorder(local.Identity.Name, TimeProvider.System, new RecordingOptions());
        strangers = new StrangerLog(clock);
        this.random = new Random(random.Next());
        Faults = new LinkFaults(clock, new Random(random.Next()), options.InteractivePendingBytes);
        peers = new PeerTable(local, options.MaxPeers);
        dialler = new SocketConnectionContextFactory(ConnectionBuffers.Dialled(), logger);
        metrics = new RemotingMetrics(this);
    }

    public NodeAddress LocalAddress => local.Identity.Address;

    public int MaxFrameBytes => Options.MaxFrameBytes;

    public LinkFaults Faults { get; }

    public MessageRecorder Recorder { get; init; }

    public IReadOnlyList<LinkStatus> Links =>
    [
        .. links.SelectMany(lane => lane.Values).Select(link => link.Status())
            .OrderBy(status => status.Address.Host, StringComparer.Ordinal).ThenBy(status => status.Address.Port).ThenBy(status => status.Lane),
    ];

    /// <summary>Where the links' write loops go on when there is something to send. Those that share a thread with the senders send what all of them left.</summary>
    public IDispatcher Writers { get; init; } = ThreadPoolDispatcher.Instance;

    internal TimeProvider Clock { get; }

    internal RemotingOptions Options { get; }

    internal ILogger Logger { get; }

    public void OnFrame(Channel channel, FrameHandler handler)
    {
        RefuseOnceStarted();
        if (handlers[(int)channel] is not null)
        {
            throw new InvalidOperationException($"channel {channel} has a handler already");
        }

        handlers[(int)channel] = handler;
    }

    public void OnLink(Action<LinkEvent> handler)
    {
        RefuseOnceStarted();
        listeners.Add(handler);
    }

    public void UsePolicy(IHandshakePolicy policy)
    {
        RefuseOnceStarted();
        peers.Policy = policy;
    }

    public Task StartAsync(CancellationToken cancellation = default)
    {
        RefuseOnceStarted();
        started = true;
        foreach (var lane in links)
        {
            foreach (var link in lane.Values)
            {
                DialAgain(link);
            }
        }

        return Task.CompletedTask;
    }

    public void Connect(NodeAddress to)
    {
        if (LinkTo(to, Lane.Interactive) is { } link)
        {
            Want(link);
        }
    }

    public bool Send(NodeAddress to, Channel channel, IBufferMessage message, Lane lane = Lane.Interactive)
    {
        if (LinkTo(to, lane) is not { } link)
        {
            return false;
        }

        var payloadBytes = message.CalculateSize();
        var trace = Recorder.TryTrace(channel, lane, message, payloadBytes);
        if (payloadBytes > Options.MaxFrameBytes)
        {
            link.Counters.Dropped(DropReason.Oversized);
            Recorder.Dropped(trace, link.PeerName, DropWords.Of(DropReason.Oversized));
            Logger.LogError("remoting: a {Type} of {Bytes} bytes for {Peer} on channel {Channel} is over the bound of {Max} and is dropped", message.GetType().Name, payloadBytes, to, channel, Options.MaxFrameBytes);
            return false;
        }

        if (!link.Wanted)
        {
            Want(link);
        }

        if (!Faults.Active || link.Peer is not { } peer)
        {
            return link.Enqueue(channel, message, payloadBytes, trace);
        }

        if (Faults.Send(peer.Name, link, channel, message, payloadBytes, trace))
        {
            return true;
        }

        link.Counters.Dropped(DropReason.Fault);
        return false;
    }

    public void Forget(NodeAddress address)
    {
        peers.Forget(address);
        foreach (var lane in links)
        {
            if (lane.TryRemove(address, out var link))
            {
                Track(link, CloseAsync(link, "this node does not want the link any more"));
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (stopping.IsCancellationRequested)
        {
            return;
        }

        await stopping.CancelAsync().ConfigureAwait(false);
        var left = links.SelectMany(lane => lane.Values).Select(link => CloseAsync(link, "this node stops")).Concat(closing.Values).ToArray();
        await Task.WhenAll(left).ConfigureAwait(false);
        Faults.Dispose();
        metrics.Dispose();
        dialler.Dispose();
    }

    internal static bool IsChannel(byte channel) => channel != 0 && channel < ChannelCount;

    internal FrameHandler? HandlerOf(byte channel) => handlers[channel];

    /// <summary>Completes when no forgotten link to the same address is closing any more: the next one starts after its last frame and its down.</summary>
    internal Task WhenClosed(Link link) => closing.TryGetValue((link.Address, link.Lane), out var task) ? task : Task.CompletedTask;

    private void Track(Link link, Task closed)
    {
        if (closed.IsCompleted)
        {
            return;
        }

        var key = (link.Address, link.Lane);
        var all = closing.AddOrUpdate(key, closed, (_, earlier) => Task.WhenAll(earlier, closed));
        _ = all.ContinueWith(_ => closing.TryRemove(KeyValuePair.Create(key, all)), TaskScheduler.Default);
    }

    private async Task CloseAsync(Link link, string reason)
    {
        var connection = link.Close();
        Faults.Forget(link);
        if (connection is { IsUp: true })
        {
            await connection.CloseAsync(reason).ConfigureAwait(false);
        }
        else
        {
            // Still in its handshake: whoever runs that sees the abort and cleans up.
            connection?.Abort(LinkDownCause.Closed, reason);
        }

        await link.Dialling.ConfigureAwait(false);
    }

    private Link? LinkTo(NodeAddress to, Lane lane)
    {
        var table = links[(int)lane];
        if (table.TryGetValue(to, out var link))
        {
            return link;
        }

        if (stopping.IsCancellationRequested)
        {
            return null;
        }

        if (to == LocalAddress || to.Host is null || table.Count >= Options.MaxPeers)
        {
            Logger.LogWarning("remoting: no link to {Peer}: {Reason}", to, to == LocalAddress ? "it is this node itself" : to.Host is null ? "that is no address" : $"there are {table.Count} links already, the bound");
            return null;
        }

        return table.GetOrAdd(to, new Link(to, lane, peers.At(to), IsLower(LocalAddress, to), Options, numbers, Recorder));
    }

    private void Want(Link link)
    {
        link.Want();
        DialAgain(link);
    }

    private static bool IsLower(NodeAddress one, NodeAddress other)
    {
        var hosts = string.CompareOrdinal(one.Host, other.Host);
        return hosts < 0 || (hosts == 0 && one.Port < other.Port);
    }

    private void RefuseOnceStarted()
    {
        if (started)
        {
            throw new InvalidOperationException("the transport has started: register handlers before, and start it once");
        }
    }
}
