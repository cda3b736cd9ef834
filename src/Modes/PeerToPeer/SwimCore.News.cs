namespace Cluster.Modes.PeerToPeer;

/// <content>What is said of peers, and which word counts.</content>
internal sealed partial class SwimCore
{
    /// <summary>Of alive and suspect with one incarnation suspect counts, and dead before both; a higher incarnation counts before all, since only the peer itself raises it.</summary>
    private static bool Overrides(PeerUpdate update, SwimMember known) =>
        update.Incarnation > known.Incarnation || (update.Incarnation == known.Incarnation && update.State > known.State);

    /// <summary>A peer has sent something itself. Whoever is suspected, or held for dead, is told so with the next message to it, and contradicts.</summary>
    /// <returns>Whether it was not known.</returns>
    private bool Meet(Peer peer, TimeSpan now)
    {
        if (peer.Node == self.Node)
        {
            return false;
        }

        if (members.TryGetValue(peer.Node, out var known))
        {
            known.Peer = peer; // It may have come back at another address.
            return false;
        }

        return Learn(new PeerUpdate(peer, PeerState.Alive, 0), now);
    }

    private void Hear(IReadOnlyList<PeerUpdate> updates, TimeSpan now)
    {
        foreach (var update in updates)
        {
            if (update.Peer.Node == self.Node)
            {
                Contradict(update);
            }
            else if (!members.TryGetValue(update.Peer.Node, out var known))
            {
                Learn(update, now);
            }
            else if (Overrides(update, known))
            {
                Change(known, update.State, update.Incarnation, now);
            }
        }
    }

    /// <summary>Nobody else knows better whether this peer lives.</summary>
    private void Contradict(PeerUpdate update)
    {
        if (update.State != PeerState.Alive && update.Incarnation >= Incarnation)
        {
            Incarnation = update.Incarnation + 1;
        }
        else if (update.State == PeerState.Alive && update.Incarnation > Incarnation)
        {
            Incarnation = update.Incarnation; // Of a former life.
        }
    }

    private bool Learn(PeerUpdate update, TimeSpan now)
    {
        if (members.Count == MostMembers && members.Values.FirstOrDefault(member => member.State == PeerState.Dead) is { } dead)
        {
            members.Remove(dead.Peer.Node);
        }

        if (members.Count == MostMembers)
        {
            return false;
        }

        members.Add(update.Peer.Node, new SwimMember(update, now) { StillToTell = TellTimes() });
        changes.Add(update);
        return true;
    }

    private void Change(SwimMember member, PeerState state, long incarnation, TimeSpan now)
    {
        var isNews = member.State != state;
        (member.State, member.Incarnation, member.StillToTell) = (state, incarnation, TellTimes());
        if (isNews)
        {
            member.Since = now;
            changes.Add(member.Update);
        }
    }

    /// <summary>Three times the logarithm of the peers: so often told, news reaches all of them with high probability (section 4.1).</summary>
    private int TellTimes() => 3 * (int)Math.Ceiling(Math.Log2(members.Count + 2));

    /// <summary>What goes on the back of a message: this peer's own word, what the receiver is held for if not alive, and the news that was told least.</summary>
    private List<PeerUpdate> News(Peer to)
    {
        var news = new List<PeerUpdate> { new(self, PeerState.Alive, Incarnation) };
        if (members.TryGetValue(to.Node, out var receiver) && receiver.State != PeerState.Alive)
        {
            news.Add(receiver.Update);
        }

        foreach (var member in members.Values.Where(member => member.StillToTell > 0 && member.Peer.Node != to.Node).OrderByDescending(member => member.StillToTell).Take(MostUpdates - news.Count))
        {
            member.StillToTell--;
            news.Add(member.Update);
        }

        return news;
    }

    /// <summary>To a newcomer: as many as one message holds; it hears of the others by and by.</summary>
    private List<PeerUpdate> Everything(Peer to) =>
        [.. News(to).Concat(members.Values.Where(member => member.State != PeerState.Dead && member.Peer.Node != to.Node).Select(member => member.Update)).DistinctBy(update => update.Peer.Node).Take(MostUpdates * 5)];
}
