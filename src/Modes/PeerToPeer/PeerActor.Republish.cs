namespace Cluster.Modes.PeerToPeer;

/// <content>
/// Republishing (section 2.5): each interval a peer offers what it keeps to the k nearest, by tags, and sends what they want. So copies come to those who should have them, whoever came, went or was away. It does not look them up for each key: it
/// keeps its own neighbourhood, and that is where its keys are. What it is too far away from it drops once all of the nearest have it.
/// </content>
internal sealed partial class PeerActor
{
    private void Republish()
    {
        NextRepublish(RepublishInterval);
        toBeTaken.Clear();
        if (node.HasFlaw(PeerToPeerMode.NoRepublish))
        {
            return;
        }

        var offers = new SortedDictionary<string, (Peer Peer, List<OfferedTag> Tags)>(StringComparer.Ordinal);
        foreach (var copy in store.All)
        {
            var place = KademliaId.Of(copy.Key);
            var nearest = table.All.Append(self).OrderBy(peer => peer.Id.DistanceTo(place)).Take(PeerToPeerMode.K).ToList();
            var isMine = nearest.Exists(peer => peer.Id == self.Id);
            if (isMine && !isUrgent && WasOffered(copy.Key))
            {
                continue;
            }

            foreach (var peer in nearest.Where(peer => peer.Id != self.Id))
            {
                (offers.TryGetValue(peer.Node, out var offer) ? offer : offers[peer.Node] = (peer, [])).Tags.Add(new OfferedTag(copy.Key, copy.Tag));
            }

            if (!isMine && nearest.Count == PeerToPeerMode.K)
            {
                toBeTaken.Add((copy.Key, copy.Tag), nearest.Select(peer => peer.Node).ToHashSet(StringComparer.Ordinal));
            }
        }

        isUrgent = false;
        foreach (var (peer, tags) in offers.Values)
        {
            foreach (var part in InOffers(tags))
            {
                Call(peer, id => new Offer(id, part), answer => HearOffered(peer, part, answer as OfferAnswer));
            }
        }
    }

    /// <summary>Somebody else has offered it to all of the nearest within the interval.</summary>
    private bool WasOffered(string key) => heardOf.TryGetValue(key, out var at) && Now - at < RepublishInterval;

    private void HearOffered(Peer peer, IReadOnlyList<OfferedTag> offered, OfferAnswer? answer)
    {
        if (answer is null)
        {
            return;
        }

        foreach (var newer in answer.Newer)
        {
            Take(newer);
            heardOf.Remove(newer.Key); // The others may lack it, too.
        }

        foreach (var has in answer.HadOf(offered))
        {
            IsTaken(peer, has);
        }

        var wanted = answer.Wanted.ToHashSet(StringComparer.Ordinal);
        var copies = offered.Where(tag => wanted.Contains(tag.Key)).Select(tag => store.Find(tag.Key)).OfType<StoredCopy>();
        foreach (var message in InMessages(copies))
        {
            Call(peer, id => new Store(id, message), stored =>
            {
                foreach (var taken in stored is Stored { IsFull: false } ? message : [])
                {
                    IsTaken(peer, new OfferedTag(taken.Key, taken.Tag));
                }
            });
        }
    }

    /// <summary>One more of the nearest has it. If all have, this peer, which is none of them, needs it no longer.</summary>
    private void IsTaken(Peer by, OfferedTag tag)
    {
        var key = (tag.Key, tag.Tag);
        if (!toBeTaken.TryGetValue(key, out var missing))
        {
            return;
        }

        missing.Remove(by.Node);
        if (missing.Count == 0 && HasRoom)
        {
            toBeTaken.Remove(key);
            store.Drop(tag.Key, tag.Tag);
            heardOf.Remove(tag.Key);
            PersistAsync(new CopyDropped(tag.Key, tag.Tag), static _ => { });
        }
    }

    private void Judge(Offer offer)
    {
        foreach (var tag in offer.Tags.Where(tag => store.Find(tag.Key)?.Tag == tag.Tag))
        {
            heardOf[tag.Key] = Now;
        }

        Answer(store.Judge(offer, CopiesCharsMax));
    }

    private static IEnumerable<IReadOnlyList<OfferedTag>> InOffers(List<OfferedTag> tags)
    {
        var (message, chars) = (new List<OfferedTag>(), 0);
        foreach (var tag in tags)
        {
            if (message.Count > 0 && chars > OfferCharsMax)
            {
                yield return message;
                (message, chars) = ([], 0);
            }

            message.Add(tag);
            chars += tag.Key.Length + tag.Tag.Writer.Length + 50;
        }

        if (message.Count > 0)
        {
            yield return message;
        }
    }
}
