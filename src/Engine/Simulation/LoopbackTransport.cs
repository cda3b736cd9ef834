using System.Buffers;
using System.Text;
using Cluster.Engine.Remoting;
using Cluster.Engine.Remoting.Faults;
using Cluster.Engine.Remoting.Handshakes;
using Cluster.Engine.Remoting.Recording;
using Cluster.Shared.Ids;
using Google.Protobuf;

namespace Cluster.Engine.Simulation;

/// <summary>One node on a <see cref="LoopbackNetwork"/>: the transport's contract, with the handshake's real checks and the real link faults, without sockets.</summary>
public sealed partial class LoopbackTransport : ITransport
{
    /// <summary>Enumerated in the order in which they were made, whatever their hash codes are: that depends on the run alone.</summary>
    private readonly Dictionary<(NodeAddress Address, Lane Lane), LoopbackLink> links = [];
    private readonly Dictionary<Channel, FrameHandler> handlers = [];
    private readonly List<Action<LinkEvent>> listeners = [];
    private readonly PeerTable peers;
    private readonly Random random;
    private bool started;
    private bool stopped;

    internal LoopbackTransport(LoopbackNetwork network, LocalNode local, RemotingOptions options, Random random, MessageRecorder recorder)
    {
        (Network, LocalNode, Options, Recorder) = (network, local, options, recorder);
        TraceId = TraceHash.Of(Encoding.UTF8.GetBytes(local.Identity.Address.ToString()), 0);
        this.random = new Random(random.Next());
        Faults = new LinkFaults(network.Clock, new Random(random.Next()), options.InteractivePendingBytes);
        peers = new PeerTable(local, options.MaxPeers);
    }

    public NodeAddress LocalAddress => LocalNode.Identity.Address;

    public int MaxFrameBytes => Options.MaxFrameBytes;

    public LinkFaults Faults { get; }

    public MessageRecorder Recorder { get; }

    public IReadOnlyList<LinkStatus> Links => [.. links.Values.OrderBy(link => link.Address.Host, StringComparer.Ordinal).ThenBy(link => link.Address.Port).ThenBy(link => link.Lane).Select(StatusOf)];

    internal LoopbackNetwork Network { get; }

    internal LocalNode LocalNode { get; }

    internal RemotingOptions Options { get; }

    /// <summary>This node in the trace of a run.</summary>
    internal ulong TraceId { get; }

    public void OnFrame(Channel channel, FrameHandler handler)
    {
        RefuseOnceStarted();
        if (!handlers.TryAdd(channel, handler))
        {
            throw new InvalidOperationException($"channel {channel} has a handler already");
        }
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
        foreach (var link in links.Values)
        {
            Dial(link);
        }

        return Task.CompletedTask;
    }

    public void Connect(NodeAddress to)
    {
        if (LinkTo(to, Lane.Interactive) is { } link)
        {
            link.Wanted = true;
            Dial(link);
        }
    }

    public bool Send(NodeAddress to, Channel channel, IBufferMessage message, Lane lane = Lane.Interactive)
    {
        if (LinkTo(to, lane) is not { } link)
        {
            return false;
        }

        link.Wanted = true;
        Dial(link);

        var payloadBytes = message.CalculateSize();
        var trace = Recorder.TryTrace(channel, lane, message, payloadBytes);
        if (payloadBytes > Options.MaxFrameBytes)
        {
            link.Counters.Dropped(DropReason.Oversized);
            Recorder.Dropped(trace, link.PeerName, DropWords.Of(DropReason.Oversized));
            return false;
        }

        if (!Faults.Active || link.Peer is not { } peer)
        {
            var payload = new byte[payloadBytes];
            message.WriteTo(payload);
            return link.Take(channel, payload, trace);
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
        foreach (var lane in Enum.GetValues<Lane>())
        {
            if (links.Remove((address, lane), out var link))
            {
                Close(link, "the peer closed the connection");
            }
        }
    }

    public ValueTask DisposeAsync()
    {
        Stop("the peer closed the connection");
        return ValueTask.CompletedTask;
    }

    /// <summary>Ends this node; its peers see <paramref name="reason"/> where a packet of it can reach them.</summary>
    internal void Stop(string reason)
    {
        stopped = true;
        Network.Remove(this);
        foreach (var link in links.Values.ToArray())
        {
            Close(link, reason);
        }

        Faults.Dispose();
    }

    /// <summary>A frame has arrived at this node.</summary>
    internal void Receive(LoopbackLink link, NodeName from, Channel channel, byte[] payload, WirePlace place)
    {
        if (stopped)
        {
            return;
        }

        Network.Trace?.Delivered(link.TraceIdOfPeer, TraceId, channel, payload);
        var trace = Recorder.TryTrace(channel, link.Lane, new ReadOnlySequence<byte>(payload));
        var dropped = Hand(link, from, channel, payload);
        if (dropped is { } reason)
        {
            link.Counters.Dropped(reason);
        }

        if (trace is not null)
        {
            Recorder.Received(trace, from.ToString(), place, dropped);
        }
    }

    private DropReason? Hand(LoopbackLink link, NodeName from, Channel channel, byte[] payload)
    {
        if (Faults.Active && Faults.DropsIncoming(from))
        {
            return DropReason.Fault;
        }

        link.Counters.Received(1, payload.Length);
        if (link.Peer!.OtherCluster is not null && channel != Channel.Federation)
        {
            return DropReason.OtherCluster;
        }

        if (!handlers.TryGetValue(channel, out var handler))
        {
            return DropReason.NoHandler;
        }

        try
        {
            handler(link.Peer!, new ReadOnlySequence<byte>(payload));
            return null;
        }
        catch (InvalidProtocolBufferException)
        {
            if (link.Session is { } session)
            {
                Break(link, session, LinkDownCause.ProtocolError, "a frame could not be parsed");
            }

            return DropReason.HandlerFailed;
        }
#pragma warning disable CA1031 // As on TCP: a handler's bug costs its frame, and is counted.
        catch (Exception failed)
#pragma warning restore CA1031
        {
            Network.HandlerFailed?.Invoke(LocalAddress, failed);
            return DropReason.HandlerFailed;
        }
    }

    private static LinkStatus StatusOf(LoopbackLink link) => new(link.Address, link.Lane, link.Session is { Open: true }, link.Peer, link.PendingBytes,
        link.Counters.FramesSent, link.Counters.BytesSent, link.Counters.FramesReceived, link.Counters.BytesReceived, link.Counters.Connects,
        link.Counters.DroppedByReason(), link.LastError);

    private LoopbackLink? LinkTo(NodeAddress to, Lane lane)
    {
        if (stopped || to == LocalAddress || to.Host is null)
        {
            return null;
        }

        if (!links.TryGetValue((to, lane), out var link) && links.Count < 2 * Options.MaxPeers)
        {
            links[(to, lane)] = link = new LoopbackLink(this, to, lane) { Peer = peers.At(to) };
        }

        return link;
    }

    private void RefuseOnceStarted()
    {
        if (started)
        {
            throw new InvalidOperationException("the transport has started: register handlers before, and start it once");
        }
    }
}
