namespace Cluster.Modes.PeerToPeer;

/// <content>What peers ask each other, and lookups made of it.</content>
internal sealed partial class PeerActor
{
    /// <summary>For an answer under load. A peer that takes longer is passed over, and its answer comes to nothing.</summary>
    private static readonly TimeSpan CallPatience = TimeSpan.FromMilliseconds(500);

    /// <summary>Questions without an answer at one time; more are taken as unanswered at once.</summary>
    private const int MostCalls = 50_000;

    /// <summary>Of copies in one message, by their characters: JSON makes some of them longer, and a frame takes 1 MiB.</summary>
    private const int CopiesCharsMax = 128 * 1024;

    private readonly Dictionary<long, (Peer Peer, Action<object?> Then)> calls = [];

    /// <summary>
    /// A peer that was heard of within this time is there: nobody asks it whether it is. Else each message of a peer that waits for a place in a full bucket would be two more, to and from that bucket's oldest
    /// (section 4.1 of the paper: contacts are not probed until there is a reason to).
    /// </summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(5);

    /// <summary>Peers that are just asked whether they are still there.</summary>
    private readonly HashSet<string> probing = new(StringComparer.Ordinal);

    /// <summary>When each peer was last heard. As many as there are peers.</summary>
    private readonly Dictionary<string, TimeSpan> lastHeard = new(StringComparer.Ordinal);

    private long lastCall;

    /// <returns>False: it is none of these.</returns>
    private bool HearPeer(object message)
    {
        if (From() is not { } from)
        {
            return false;
        }

        switch (message)
        {
            case Find find:
                Meet(from);
                var copy = find.Key is null ? null : store.Find(find.Key);
                Answer(new Found(find.Id, table.Closest(find.Target, PeerToPeerMode.K), find.WantsValue ? copy : null, copy?.Tag));
                break;
            case Store offered when HasRoom:
                Meet(from);
                Keep(offered);
                break;
            case Offer offer when HasRoom:
                Meet(from);
                Judge(offer);
                break;
            case PeerArrived:
                Meet(from);
                SoonRepublish();
                break;
            case Probe probe:
                Meet(from);
                Answer(new Probed(probe.Id));
                break;
            case Found found:
                EndCall(found.Id, from, found);
                break;
            case Stored stored:
                EndCall(stored.Id, from, stored);
                break;
            case OfferAnswer answer when HasRoom:
                EndCall(answer.Id, from, answer);
                break;
            case Probed probed:
                EndCall(probed.Id, from, probed);
                break;
            default:
                return message is Store or Offer or OfferAnswer; // Without room: it comes again.
        }

        return true;
    }

    /// <summary>Answers whoever asks, once everything that the answer may rest on is durable.</summary>
    private void Answer(object answer)
    {
        var asker = Sender;
        DeferAsync(() => asker.Tell(answer, Self));
    }

    private void Keep(Store offered)
    {
        foreach (var copy in offered.Copies)
        {
            Take(copy);
            if (store.Find(copy.Key) is not null)
            {
                heardOf[copy.Key] = Now;
            }
        }

        Answer(new Stored(offered.Id, offered.Copies.Any(copy => store.Find(copy.Key) is null)));
    }

    /// <summary>Somebody was heard of: he is in the routing table, or the oldest of his bucket is asked whether it is still there.</summary>
    private void Meet(Peer peer)
    {
        Wake();
        lastHeard[peer.Node] = Now;
        if (table.Saw(peer, out var oldest))
        {
            SoonRepublish();
        }
        else if (oldest is not null && !(lastHeard.TryGetValue(oldest.Node, out var at) && Now - at < Fresh) && probing.Add(oldest.Node))
        {
            Call(oldest, static id => new Probe(id), answer =>
            {
                probing.Remove(oldest.Node);
                if (answer is null)
                {
                    table.Remove(oldest.Id);
                }
            });
        }
    }

    /// <summary>Asks a peer.</summary>
    /// <param name="then">Told the answer, or null where none came in time.</param>
    private void Call(Peer peer, Func<long, object> question, Action<object?> then)
    {
        if (calls.Count >= MostCalls)
        {
            then(null);
            return;
        }

        var id = ++lastCall;
        calls.Add(id, (peer, then));
        Timers.StartSingle(new CallOver(id), new CallOver(id), CallPatience);
        Tell(peer, question(id));
    }

    private void EndCall(long id, Peer from, object? answer)
    {
        if (calls.TryGetValue(id, out var call) && call.Peer.Node == from.Node)
        {
            calls.Remove(id);
            Timers.Cancel(new CallOver(id));
            if (answer is not null)
            {
                Meet(from);
            }

            call.Then(answer);
        }
    }

    /// <summary>Looks for the peers nearest to a place.</summary>
    private void StartLookup(KademliaId target, string? key, bool wantsValue, int enough, Action<RunningLookup> done)
    {
        var running = new RunningLookup(new Lookup(target, PeerToPeerMode.K, PeerToPeerMode.Alpha), key, wantsValue, enough, Now, done);
        running.Lookup.BeginWith(self);
        running.Lookup.Begin(table.Closest(target, PeerToPeerMode.K));
        var mine = key is null ? null : store.Find(key);
        running.Said(self.Node, mine, mine?.Tag);
        GoOn(running);
    }

    private void GoOn(RunningLookup running)
    {
        if (running.EndIfDone())
        {
            return;
        }

        foreach (var peer in running.Lookup.Next())
        {
            Call(peer, running.Question, answer =>
            {
                if (answer is Found found)
                {
                    running.Said(peer.Node, found.Copy, found.Tag);
                    running.Lookup.Answered(peer.Id, found.Closest);
                }
                else
                {
                    running.Lookup.Failed(peer.Id);
                }

                GoOn(running);
            });
        }
    }

    /// <summary>Copies in as many messages as they need.</summary>
    private static IEnumerable<IReadOnlyList<StoredCopy>> InMessages(IEnumerable<StoredCopy> copies)
    {
        var (message, chars) = (new List<StoredCopy>(), 0);
        foreach (var copy in copies)
        {
            if (message.Count > 0 && chars + CopyStore.SizeOf(copy) > CopiesCharsMax)
            {
                yield return message;
                (message, chars) = ([], 0);
            }

            message.Add(copy);
            chars += CopyStore.SizeOf(copy);
        }

        if (message.Count > 0)
        {
            yield return message;
        }
    }

    private sealed record CallOver(long Id);
}
