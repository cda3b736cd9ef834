using System.Collections.Frozen;
using Cluster.Engine.Remoting.Recording;
using Cluster.Shared.Http;
using Cluster.Shared.Ids;
using Google.Protobuf;

namespace Cluster.Engine.Remoting.Faults;

/// <summary>
/// The link faults of one node: rules on what it sends to a named node (cut, delay, jitter, loss, duplicate, reorder, throttle), and incoming cuts.
/// A cut link drops frames silently, and neither dials nor answers a handshake, while TCP stays as it is: like a partition, not like a reset.
/// Decisions come from an injected random source and clock, in the order of the sends. With no rules set, a frame costs one volatile read.
/// </summary>
public sealed class LinkFaults : IDisposable
{
    /// <summary>Longest delay or jitter, in milliseconds: past a minute a frame is lost, not late.</summary>
    public const int MaxDelayMs = 60_000;

    private readonly TimeProvider clock;
    private readonly Random random;
    private readonly long heldBytesMax;
    private readonly Lock gate = new();
    private readonly Dictionary<IFaultedLane, FaultedLane> lanes = [];
    private readonly long[] counts = new long[Enum.GetValues<FaultKind>().Length];
    private volatile Rules? rules;

    /// <param name="heldBytesMax">Most bytes held back on one lane of one link; past it frames are dropped and counted.</param>
    public LinkFaults(TimeProvider clock, Random random, long heldBytesMax = 64 * 1024 * 1024)
    {
        this.clock = clock;
        this.random = random;
        this.heldBytesMax = heldBytesMax;
    }

    /// <summary>The outgoing rules in force.</summary>
    public IReadOnlyList<LinkFaultView> Current => rules?.List ?? [];

    /// <summary>The nodes from which nothing is let in.</summary>
    public IReadOnlyList<NodeName> IncomingCuts => rules?.IncomingList ?? [];

    /// <summary>How many frames (for <see cref="FaultKind.CutHandshake"/>: handshakes) met each kind of fault since the transport was made.</summary>
    public long Count(FaultKind kind) => Interlocked.Read(ref counts[(int)kind]);

    internal bool Active => rules is not null;

    /// <summary>
    /// Replaces all outgoing rules; an empty list heals. Frames held back by an old rule go out at once, ahead of later ones, except where the
    /// link is cut now: those are lost.
    /// </summary>
    /// <exception cref="ArgumentException">A rule is out of range or names a node twice; nothing has changed.</exception>
    public void Set(IReadOnlyList<LinkFaultView> faults) => Replace(LinkFaultRules.Validate(faults), null);

    /// <summary>Replaces the list of nodes from which nothing is let in.</summary>
    public void CutIncoming(IReadOnlyList<NodeName> from) => Replace(null, from);

    public void Dispose()
    {
        lock (gate)
        {
            rules = null;
            foreach (var lane in lanes.Values)
            {
                lane.Dispose();
            }

            lanes.Clear();
        }
    }

    /// <summary>Whether a handshake with that node cannot pass: it needs both directions.</summary>
    internal bool BlocksHandshake(NodeName? peer)
    {
        var now = rules;
        if (now is null || peer is not { } name || !now.Cuts(name))
        {
            return false;
        }

        Add(FaultKind.CutHandshake);
        return true;
    }

    /// <summary>Whether a frame that came in from that node is lost.</summary>
    internal bool DropsIncoming(NodeName peer)
    {
        if (rules is not { } now || !now.Incoming.Contains(peer))
        {
            return false;
        }

        Add(FaultKind.CutIncoming);
        return true;
    }

    /// <summary>Sends one frame through the rules for that node. False when it is dropped here and the sender may know (cut, bound met).</summary>
    internal bool Send(NodeName peer, IFaultedLane target, Channel channel, IMessage message, int payloadBytes, FrameTrace? trace)
    {
        lock (gate)
        {
            if (rules is null || !rules.Outgoing.TryGetValue(peer, out var rule))
            {
                return target.Deliver(channel, message.ToByteArray(), trace);
            }

            if (rule.Cut)
            {
                Lose(target, trace, FaultKind.Cut);
                return false;
            }

            if (!lanes.TryGetValue(target, out var lane))
            {
                lanes[target] = lane = new FaultedLane(this, peer, target, clock, random, gate, heldBytesMax);
            }

            return lane.Send(rule, channel, message, payloadBytes, trace);
        }
    }

    /// <summary>Drops what is held back for a link that is gone.</summary>
    internal void Forget(IFaultedLane target)
    {
        lock (gate)
        {
            if (lanes.Remove(target, out var lane))
            {
                lane.Dispose();
            }
        }
    }

    /// <summary>Counts a frame that a fault lost, and tells its sender's recorder.</summary>
    internal void Lose(IFaultedLane target, FrameTrace? trace, FaultKind why)
    {
        Add(why);
        if (trace is not null)
        {
            target.Lose(trace, why);
        }
    }

    internal void Add(FaultKind kind) => Interlocked.Increment(ref counts[(int)kind]);

    private void Replace(IReadOnlyList<LinkFaultView>? outgoing, IReadOnlyList<NodeName>? incoming)
    {
        lock (gate)
        {
            outgoing ??= Current;
            incoming ??= IncomingCuts;
            var next = new Rules([.. outgoing], [.. incoming]);
            rules = outgoing.Count == 0 && incoming.Count == 0 ? null : next;
            foreach (var lane in lanes.Values)
            {
                lane.Release(next.Outgoing.TryGetValue(lane.Peer, out var rule) && rule.Cut);
            }

            lanes.Clear();
        }
    }

    private sealed class Rules(LinkFaultView[] outgoing, NodeName[] incoming)
    {
        public readonly LinkFaultView[] List = outgoing;
        public readonly NodeName[] IncomingList = incoming;
        public readonly FrozenDictionary<NodeName, LinkFaultView> Outgoing = outgoing.ToFrozenDictionary(rule => NodeName.Parse(rule.To));
        public readonly FrozenSet<NodeName> Incoming = incoming.ToFrozenSet();

        public bool Cuts(NodeName name) => Incoming.Contains(name) || (Outgoing.TryGetValue(name, out var rule) && rule.Cut);
    }
}
