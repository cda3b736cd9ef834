using Cluster.Shared.Ids;

namespace Cluster.Engine.Membership;

/// <summary>
/// Which peers this node can reach, as it sees it: one phi-accrual detector for each watched peer. Pure: heartbeats and the time come in, changes go out,
/// in ascending order of node; the same inputs give the same outputs.
/// </summary>
/// <remarks>
/// Two answers are kept apart. <see cref="IsReachable"/> is for routing: it believes a refused connection at once, and being wrong costs a detour.
/// <see cref="IsSuspected"/> and <see cref="SuspectedSince"/> are for decisions (marking down, moving a singleton): they go by silence alone, because a
/// refused connection may also be a full accept queue, a firewall or a listener that is about to open. No vote ever depends on either: elections and
/// majorities count messages.
/// </remarks>
internal sealed class ReachabilityCore
{
    private readonly ReachabilityOptions options;
    private readonly SortedDictionary<NodeId, Peer> peers = [];

    /// <exception cref="ArgumentException">An option is out of its bounds.</exception>
    public ReachabilityCore(ReachabilityOptions options)
    {
        options.Validate();
        this.options = options;
    }

    /// <summary>The peers watched, in ascending order.</summary>
    public IReadOnlyCollection<NodeId> Watched => peers.Keys;

    /// <summary>
    /// Starts watching a member, as if just heard: one that never answers becomes unreachable in time. Watching it again changes nothing, unless its
    /// incarnation is newer: then it starts over as reachable.
    /// </summary>
    public ReachabilityChange? Watch(NodeId peer, Incarnation incarnation, TimeSpan now)
    {
        if (peers.TryGetValue(peer, out var known))
        {
            return incarnation > known.Incarnation ? StartOver(peer, known, incarnation, now) : null;
        }

        known = new Peer(options.Detector, incarnation);
        known.Detector.Heartbeat(now);
        peers.Add(peer, known);
        return null;
    }

    /// <summary>Stops watching one that is no member any more.</summary>
    public void Unwatch(NodeId peer) => peers.Remove(peer);

    /// <summary>
    /// A heartbeat, or the answer to one, has arrived. One of an older incarnation is a dead process's last word and counts for nothing; neither does one of
    /// a node that is not watched.
    /// </summary>
    public ReachabilityChange? Heartbeat(NodeId peer, Incarnation incarnation, TimeSpan now)
    {
        if (!peers.TryGetValue(peer, out var known) || incarnation < known.Incarnation)
        {
            return null;
        }

        if (incarnation > known.Incarnation)
        {
            return StartOver(peer, known, incarnation, now);
        }

        known.Detector.Heartbeat(now);
        return Clear(peer, known);
    }

    /// <summary>
    /// The peer's machine answered a connection attempt with "nobody listens": the process is gone, long before silence could say so. Unreachable for
    /// routing until it is heard again; <see cref="IsSuspected"/> still waits for silence.
    /// </summary>
    public ReachabilityChange? LinkRefused(NodeId peer, TimeSpan now)
    {
        if (!peers.TryGetValue(peer, out var known) || known.Cause != UnreachableCause.None)
        {
            return null;
        }

        known.Cause = UnreachableCause.LinkRefused;
        return new NodeBecameUnreachable(peer, known.Incarnation, known.Cause, known.Detector.Phi(now));
    }

    /// <summary>Looks at every detector; due a few times each heartbeat interval.</summary>
    public IReadOnlyList<ReachabilityChange> Tick(TimeSpan now)
    {
        List<ReachabilityChange>? changes = null;
        foreach (var (id, peer) in peers)
        {
            if (peer.Cause == UnreachableCause.Silence || peer.Detector.IsAvailable(now))
            {
                continue;
            }

            // One already reported for its refused link is only confirmed: for routing nothing has changed.
            if (peer.Cause == UnreachableCause.None)
            {
                (changes ??= []).Add(new NodeBecameUnreachable(id, peer.Incarnation, UnreachableCause.Silence, peer.Detector.Phi(now)));
            }

            peer.Cause = UnreachableCause.Silence;
            peer.SuspectedSince = now;
        }

        return changes ?? (IReadOnlyList<ReachabilityChange>)[];
    }

    /// <summary>For routing: whether requests should be sent there. False for one that is not watched.</summary>
    public bool IsReachable(NodeId peer) => peers.TryGetValue(peer, out var known) && known.Cause == UnreachableCause.None;

    /// <summary>For decisions: whether the detector suspected it at the last <see cref="Tick"/>.</summary>
    public bool IsSuspected(NodeId peer) => SuspectedSince(peer) is not null;

    /// <summary>Since when it has been suspected without a break; null when it is not.</summary>
    public TimeSpan? SuspectedSince(NodeId peer) => peers.TryGetValue(peer, out var known) ? known.SuspectedSince : null;

    /// <summary>The suspicion at this moment, from 0 to <see cref="PhiAccrualDetector.MaxPhi"/>; 0 for one that is not watched.</summary>
    public double Phi(NodeId peer, TimeSpan now) => peers.TryGetValue(peer, out var known) ? known.Detector.Phi(now) : 0;

    private static ReachabilityChange? StartOver(NodeId id, Peer peer, Incarnation incarnation, TimeSpan now)
    {
        peer.Incarnation = incarnation;
        peer.Detector.Reset();
        peer.Detector.Heartbeat(now);
        return Clear(id, peer);
    }

    private static NodeBecameReachable? Clear(NodeId id, Peer peer)
    {
        peer.SuspectedSince = null;
        if (peer.Cause == UnreachableCause.None)
        {
            return null;
        }

        peer.Cause = UnreachableCause.None;
        return new NodeBecameReachable(id, peer.Incarnation);
    }

    private sealed class Peer(PhiAccrualOptions options, Incarnation incarnation)
    {
        public PhiAccrualDetector Detector { get; } = new(options);

        public Incarnation Incarnation { get; set; } = incarnation;

        public UnreachableCause Cause { get; set; }

        public TimeSpan? SuspectedSince { get; set; }
    }
}
