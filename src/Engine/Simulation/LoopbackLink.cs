using Cluster.Engine.Remoting;
using Cluster.Engine.Remoting.Faults;
using Cluster.Engine.Remoting.Recording;
using Cluster.Shared.Ids;

namespace Cluster.Engine.Simulation;

/// <summary>One node's end of one lane to one address: the frames it has sent that have not arrived.</summary>
internal sealed class LoopbackLink : IFaultedLane
{
    private readonly Queue<(Channel Channel, byte[] Payload, FrameTrace? Trace, long Due)> underWay = new();
    private readonly Action pump;
    private readonly ITimer due;
    private long lastDue;
    private bool pumpSet;

    public LoopbackLink(LoopbackTransport owner, NodeAddress address, Lane lane)
    {
        (Owner, Address, Lane) = (owner, address, lane);
        pump = Pump;
        due = owner.Network.Clock.CreateTimer(static link => ((LoopbackLink)link!).Network.Post(((LoopbackLink)link).pump), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public LoopbackTransport Owner { get; }
    public NodeAddress Address { get; }
    public Lane Lane { get; }
    /// <summary>Whoever is at the other end, in the trace of a run.</summary>
    public ulong TraceIdOfPeer => Session?.OtherEnd(this).Owner.TraceId ?? 0;

    public LinkCounters Counters { get; } = new();
    public PeerIdentity? Peer { get; set; }
    public LoopbackSession? Session { get; set; }
    public bool Wanted { get; set; }
    public bool Dialling { get; set; }
    public bool Closed { get; set; }
    public int Failures { get; set; }
    public LinkDownCause? SaidDown { get; set; }
    public string? LastError { get; set; }
    public long PendingBytes { get; private set; }

    /// <summary>The peer as records name it.</summary>
    public string PeerName => Peer?.Name.ToString() ?? Address.ToString();

    /// <summary>Frames that have arrived over the present session.</summary>
    public long Carried { get; set; }

    private LoopbackNetwork Network => Owner.Network;

    public void Lose(FrameTrace trace, FaultKind why) => Owner.Recorder.Dropped(trace, PeerName, DropWords.Of(why));

    public bool Deliver(Channel channel, ReadOnlySpan<byte> payload, FrameTrace? trace) => Take(channel, payload.ToArray(), trace);

    /// <summary>Puts a frame on its way; the payload is the network's from here on.</summary>
    public bool Take(Channel channel, byte[] payload, FrameTrace? trace)
    {
        if (Closed || PendingBytes + payload.Length > (channel == Channel.PubSub ? Owner.Options.MessageBytes(Lane) : Owner.Options.PendingBytes(Lane)))
        {
            Counters.Dropped(DropReason.PendingFull);
            Owner.Recorder.Dropped(trace, PeerName, DropWords.Of(DropReason.PendingFull));
            return false;
        }

        var now = Network.Clock.GetTimestamp();
        var ticks = Network.Latency(Owner.LocalAddress, Address).TotalSeconds * Network.Clock.TimestampFrequency;
        lastDue = Math.Max(lastDue, now + (long)ticks);
        PendingBytes += payload.Length;
        underWay.Enqueue((channel, payload, trace, lastDue));
        SetPump();
        return true;
    }

    /// <summary>Sees to it that what is under way arrives when it is due, once there is a session.</summary>
    public void SetPump()
    {
        if (pumpSet || Session is null || !underWay.TryPeek(out var head))
        {
            return;
        }

        pumpSet = true;
        var ahead = head.Due - Network.Clock.GetTimestamp();
        if (ahead <= 0)
        {
            Network.Post(pump);
        }
        else
        {
            due.Change(TimeSpan.FromSeconds((double)ahead / Network.Clock.TimestampFrequency), Timeout.InfiniteTimeSpan);
        }
    }

    public void DropPending()
    {
        if (underWay.Count > 0)
        {
            Counters.Dropped(DropReason.LinkLost, underWay.Count);
            foreach (var (_, _, trace, _) in underWay)
            {
                Owner.Recorder.Dropped(trace, PeerName, DropWords.Of(DropReason.LinkLost));
            }
        }

        underWay.Clear();
        PendingBytes = 0;
    }

    private void Pump()
    {
        pumpSet = false;
        var left = underWay.Count;
        var session = Session;
        if (session is { Open: false } && !Network.IsCut(Owner.LocalAddress, Address) && !Network.IsCut(Address, Owner.LocalAddress))
        {
            Owner.Lost(this, session, LinkDownCause.Lost, "the connection was reset");
            return;
        }

        for (; left > 0 && TakeDue(session) is { } frame; left--)
        {
            if (frame.To is { } to)
            {
                to.Owner.Receive(to, Owner.LocalNode.Identity.Name, frame.Channel, frame.Payload, frame.Place);
            }
        }

        SetPump();
    }

    /// <summary>Takes the first frame that is due; its receiver is null where it is lost on the way.</summary>
    private (LoopbackLink? To, Channel Channel, byte[] Payload, WirePlace Place)? TakeDue(LoopbackSession? session)
    {
        if (session is null || Session != session || !underWay.TryPeek(out var head) || head.Due > Network.Clock.GetTimestamp())
        {
            return null;
        }

        underWay.Dequeue();
        PendingBytes -= head.Payload.Length;
        Counters.Sent(1, head.Payload.Length);
        if (!session.Open || Network.IsCut(Owner.LocalAddress, Address))
        {
            Counters.Dropped(DropReason.Fault);
            Network.Trace?.Count("frame lost in a cut");
            Owner.Recorder.Dropped(head.Trace, PeerName, DropWords.Of(session.Open ? DropReason.Fault : DropReason.LinkLost));
            return (null, head.Channel, head.Payload, default);
        }

        var place = new WirePlace(session.Name, Carried++);
        if (head.Trace is not null)
        {
            Owner.Recorder.Sent(head.Trace, PeerName, place);
        }

        return (session.OtherEnd(this), head.Channel, head.Payload, place);
    }
}
