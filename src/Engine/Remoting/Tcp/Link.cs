using Cluster.Engine.Remoting.Faults;
using Cluster.Engine.Remoting.Framing;
using Cluster.Engine.Remoting.Recording;
using Cluster.Shared.Ids;
using Google.Protobuf;

namespace Cluster.Engine.Remoting.Tcp;

/// <summary>
/// One lane to one peer address, across connections: holds the pending frames, and decides which connection is the link. At most one is at a time.
/// <para>
/// How two nodes that dial each other at once converge on one connection: a frame is sent only after a handshake, and the handshake decides, so the loser never
/// carried a frame. A node whose own Hello is out refuses the peer's Hello as crossed if its address is the lower one; the other side accepts and
/// abandons its own dial. Dials are numbered: a Hello with a number that the peer has already given up is stale and refused, a later one means that
/// the peer lost the link, and replaces it.
/// </para>
/// </summary>
internal sealed class Link(NodeAddress address, Lane lane, PeerIdentity? knownAs, bool localIsLower, RemotingOptions options, DialNumbers numbers, MessageRecorder recorder) : IFaultedLane
{
    private readonly Lock gate = new();
    private LinkConnection? current;
    private PeerIdentity? peer = knownAs;
    private bool wanted;
    private bool dialling;
    private bool closed;
    private uint lastDial;
    private uint openDial;
    private string? lastError;

    public NodeAddress Address { get; } = address;
    public Lane Lane { get; } = lane;
    public FrameQueue Queue { get; } = new(options.PendingBytes(lane), options.MessageBytes(lane));
    public LinkCounters Counters { get; } = new();

    /// <summary>Who answers there, or did last.</summary>
    public PeerIdentity? Peer => Volatile.Read(ref peer);

    public bool Wanted => Volatile.Read(ref wanted);

    /// <summary>The dial loop's task, to be awaited when the transport ends.</summary>
    public Task Dialling { get; set; } = Task.CompletedTask;

    /// <summary>Held while an up or down of this link is told, so that listeners hear them in the order in which they happened.</summary>
    public Lock Voice { get; } = new();

    /// <summary>The cause said last since the link was up, so that each is said once.</summary>
    public LinkDownCause? SaidDown { get; set; }

    /// <summary>Attempts that failed in a row, and connections that did not last.</summary>
    public int Failures { get; set; }

    public LinkConnection? Current
    {
        get
        {
            lock (gate)
            {
                return current;
            }
        }
    }

    /// <summary>The peer as records name it.</summary>
    public string PeerName => Peer?.Name.ToString() ?? Address.ToString();

    public bool Enqueue(Channel channel, IMessage message, int payloadBytes, FrameTrace? trace) =>
        Queue.TryAppend(channel, message, payloadBytes, trace) || Full(trace);

    public bool Deliver(Channel channel, ReadOnlySpan<byte> payload, FrameTrace? trace) => Queue.TryAppend(channel, payload, trace) || Full(trace);

    public void Lose(FrameTrace trace, FaultKind why) => recorder.Dropped(trace, PeerName, DropWords.Of(why));

    /// <summary>From now on this link is dialled whenever it is not up.</summary>
    public void Want()
    {
        lock (gate)
        {
            wanted = !closed;
        }
    }

    /// <summary>Whether the link is wanted, not up, and not being dialled yet; then the caller must start the dial loop.</summary>
    public bool StartDialling()
    {
        lock (gate)
        {
            if (!wanted || closed || dialling || current is not null)
            {
                return false;
            }

            dialling = true;
            return true;
        }
    }

    /// <summary>Asked by the dial loop before each attempt: false ends it.</summary>
    public bool GoesOnDialling()
    {
        lock (gate)
        {
            dialling = wanted && !closed && current is null;
            return dialling;
        }
    }

    /// <summary>A Hello is about to go out. Returns the dial's number, 0 when the link came up in the meantime.</summary>
    public uint OpenDial()
    {
        lock (gate)
        {
            if (closed || current is not null)
            {
                return 0;
            }

            openDial = lastDial = numbers.Next();
            return openDial;
        }
    }

    /// <summary>The attempt is over.</summary>
    public void CloseDial(uint dial)
    {
        lock (gate)
        {
            if (openDial == dial)
            {
                openDial = 0;
            }
        }
    }

    /// <summary>The peer welcomed that dial: its connection becomes the link, unless the dial was abandoned for one of the peer's.</summary>
    public bool TryComplete(uint dial, LinkConnection connection)
    {
        lock (gate)
        {
            if (closed || openDial != dial || current is not null)
            {
                return false;
            }

            openDial = 0;
            dialling = false;
            current = connection;
            Volatile.Write(ref peer, connection.Peer);
            return true;
        }
    }

    /// <summary>The peer dialled: its connection becomes the link, or the Hello is refused as crossed. An earlier connection that it replaces is handed out.</summary>
    /// <param name="ownLastDial">The number of this node's latest dial, for the reply: those up to it are over for the peer.</param>
    public bool TryAccept(LinkConnection connection, uint peerDial, out LinkConnection? replaced, out uint ownLastDial)
    {
        lock (gate)
        {
            replaced = null;
            ownLastDial = lastDial;
            if (closed)
            {
                return false;
            }

            var newerLife = current is not null && current.Peer.Incarnation < connection.Peer.Incarnation;
            if (current is null ? openDial != 0 && localIsLower : !newerLife && current.PeerDial >= peerDial)
            {
                return false;
            }

            openDial = 0;
            replaced = current;
            current = connection;
            Volatile.Write(ref peer, connection.Peer);
            if (newerLife)
            {
                // They were meant for a life that is over.
                DropPending();
            }

            return true;
        }
    }

    /// <summary>That connection is over. What is pending is dropped unless another one has taken its place.</summary>
    public void Detach(LinkConnection connection, string reason)
    {
        lock (gate)
        {
            lastError = reason;
            if (current != connection)
            {
                return;
            }

            current = null;
            DropPending();
        }
    }

    /// <summary>An attempt to connect failed: what waited for it is dropped. False when the link is up all the same, by the peer's dial.</summary>
    public bool AttemptFailed(string reason)
    {
        lock (gate)
        {
            if (current is not null)
            {
                return false;
            }

            lastError = reason;
            Failures++;
            DropPending();
            return true;
        }
    }

    /// <summary>Nobody wants this link any more: no further connection can become it. Returns the one that is.</summary>
    public LinkConnection? Close()
    {
        lock (gate)
        {
            closed = true;
            wanted = false;
            return current;
        }
    }

    public LinkStatus Status()
    {
        lock (gate)
        {
            return new LinkStatus(Address, Lane, current is { IsUp: true }, peer, Queue.Bytes, Counters.FramesSent, Counters.BytesSent,
                Counters.FramesReceived, Counters.BytesReceived, Counters.Connects, Counters.DroppedByReason(), lastError);
        }
    }

    private void DropPending()
    {
        if (Queue.Drop(trace => recorder.Dropped(trace, PeerName, DropWords.Of(DropReason.LinkLost))) is > 0 and var frames)
        {
            Counters.Dropped(DropReason.LinkLost, frames);
        }
    }

    private bool Full(FrameTrace? trace)
    {
        Counters.Dropped(DropReason.PendingFull);
        recorder.Dropped(trace, PeerName, DropWords.Of(DropReason.PendingFull));
        return false;
    }
}
