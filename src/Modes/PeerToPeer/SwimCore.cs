namespace Cluster.Modes.PeerToPeer;

/// <summary>
/// SWIM (Das, Gupta and Motivala 2002): in each period one other peer is pinged, in a random order that comes round to all (section 4.3); if it does not answer, others are asked to ping it (section 3.1); then it is suspected, and
/// dead when it has not contradicted in time (section 4.2). What is learned travels on the back of the pings and answers (section 4.1). Load and time to a detection do not grow with the number of peers.
/// </summary>
/// <remarks>
/// Two departures: a peer that comes back contradicts its own death by a higher incarnation, and now and then one that is held for dead is pinged (as Serf does), so that the sides of a partition find each other again.
/// </remarks>
/// <param name="choose">A random number below the one given.</param>
internal sealed partial class SwimCore(Peer self, Func<int, int> choose)
{
    /// <summary>Whoever is silent for so many periods after the suspicion is dead: time to hear of it and to contradict.</summary>
    public const int SuspicionPeriods = 3;

    /// <summary>How many others are asked to ping somebody (k of section 3.1).</summary>
    public const int Helpers = 3;

    /// <summary>Peers that are remembered, the dead included: dozens of times what a lab has.</summary>
    public const int MostMembers = 1_000;

    /// <summary>News on the back of one message.</summary>
    public const int MostUpdates = 20;

    /// <summary>In each so many periods one that is held for dead is pinged.</summary>
    private const int ReviveEvery = 4;

    /// <summary>Pings for others that wait for an answer.</summary>
    private const int MostErrands = 100;

    private readonly SortedDictionary<string, SwimMember> members = new(StringComparer.Ordinal);
    private readonly Queue<string> order = new();
    private readonly SortedDictionary<long, (Peer For, long Sequence)> errands = [];
    private readonly List<PeerUpdate> changes = [];
    private long lastSequence;
    private long periods;
    private long? probing;
    private string? probed;

    /// <summary>This peer's own incarnation.</summary>
    public long Incarnation { get; private set; }

    public IEnumerable<SwimMember> Members => members.Values;

    public int Alive => members.Values.Count(member => member.State != PeerState.Dead);

    /// <summary>What has changed since this was asked last.</summary>
    public IReadOnlyList<PeerUpdate> TakeChanges()
    {
        var taken = changes.ToList();
        changes.Clear();
        return taken;
    }

    /// <summary>A new period: judges the last one, and pings the next.</summary>
    /// <param name="now">On the monotonic clock.</param>
    /// <param name="period">Its length.</param>
    public IReadOnlyList<SwimSend> Tick(TimeSpan now, TimeSpan period)
    {
        if (probing is not null && probed is not null && members.TryGetValue(probed, out var silent) && silent.State == PeerState.Alive)
        {
            Change(silent, PeerState.Suspect, silent.Incarnation, now);
        }

        foreach (var suspect in members.Values.Where(member => member.State == PeerState.Suspect && now - member.Since >= SuspicionPeriods * period).ToList())
        {
            Change(suspect, PeerState.Dead, suspect.Incarnation, now);
        }

        (probing, probed) = (null, null);
        var sends = new List<SwimSend>();
        if (NextInTurn() is { } next)
        {
            (probing, probed) = (++lastSequence, next.Peer.Node);
            sends.Add(new SwimSend(next.Peer, new SwimPing(lastSequence, News(next.Peer))));
        }

        var dead = members.Values.Where(member => member.State == PeerState.Dead).ToList();
        if (++periods % ReviveEvery == 0 && dead.Count > 0)
        {
            var one = dead[choose(dead.Count)].Peer;
            sends.Add(new SwimSend(one, new SwimPing(++lastSequence, News(one))));
        }

        return sends;
    }

    /// <summary>The ping of this period has not been answered so far: others are asked.</summary>
    public IReadOnlyList<SwimSend> AskOthers()
    {
        if (probing is not { } sequence || probed is null || !members.TryGetValue(probed, out var target))
        {
            return [];
        }

        var helpers = members.Values.Where(member => member.State == PeerState.Alive && member.Peer.Node != probed).ToList();
        var chosen = new List<SwimSend>();
        while (chosen.Count < Helpers && helpers.Count > 0)
        {
            var one = choose(helpers.Count);
            chosen.Add(new SwimSend(helpers[one].Peer, new SwimPingRequest(sequence, target.Peer, News(helpers[one].Peer))));
            helpers.RemoveAt(one);
        }

        return chosen;
    }

    /// <summary>A ping to somebody of whom only the address is known: how a peer joins.</summary>
    public SwimSend Join(Peer bootstrap) => new(bootstrap, new SwimPing(++lastSequence, News(bootstrap)));

    public IReadOnlyList<SwimSend> Hear(Peer from, SwimPing ping, TimeSpan now)
    {
        var isNew = Meet(from, now);
        Hear(ping.Updates, now);
        return [new SwimSend(from, new SwimAck(ping.Sequence, isNew ? Everything(from) : News(from)))];
    }

    public IReadOnlyList<SwimSend> Hear(Peer from, SwimAck ack, TimeSpan now)
    {
        Meet(from, now);
        Hear(ack.Updates, now);
        if (ack.Sequence == probing)
        {
            probing = null;
        }

        if (!errands.Remove(ack.Sequence, out var errand))
        {
            return [];
        }

        return [new SwimSend(errand.For, new SwimAck(errand.Sequence, News(errand.For)))];
    }

    public IReadOnlyList<SwimSend> Hear(Peer from, SwimPingRequest request, TimeSpan now)
    {
        Meet(from, now);
        Hear(request.Updates, now);
        if (request.Target.Node == self.Node)
        {
            return [];
        }

        if (errands.Count == MostErrands)
        {
            errands.Remove(errands.Keys.First());
        }

        errands.Add(++lastSequence, (from, request.Sequence));
        return [new SwimSend(request.Target, new SwimPing(lastSequence, News(request.Target)))];
    }

    /// <summary>Each in turn, in an order that is drawn anew when all had theirs.</summary>
    private SwimMember? NextInTurn()
    {
        for (var round = 0; round < 2; round++)
        {
            while (order.TryDequeue(out var name))
            {
                if (members.TryGetValue(name, out var member) && member.State != PeerState.Dead)
                {
                    return member;
                }
            }

            var names = members.Values.Where(member => member.State != PeerState.Dead).Select(member => member.Peer.Node).ToList();
            while (names.Count > 0)
            {
                var one = choose(names.Count);
                order.Enqueue(names[one]);
                names.RemoveAt(one);
            }
        }

        return null;
    }
}
