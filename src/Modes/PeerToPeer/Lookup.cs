namespace Cluster.Modes.PeerToPeer;

/// <summary>
/// Finds the k peers that are nearest to a place (Maymounkov and Mazières 2002, section 2.3): asks the nearest that it knows of for nearer ones, alpha at a time, until the k nearest that answer have all been asked. It sends
/// nothing itself: <see cref="Next"/> says whom to ask, and it is told what came of it.
/// </summary>
/// <param name="k">How many are to be found.</param>
/// <param name="alpha">How many are asked at one time.</param>
internal sealed class Lookup(KademliaId target, int k, int alpha)
{
    /// <summary>Candidates of one lookup; those that are far away are of no use, and a peer that lies can name no end of them.</summary>
    private const int MostCandidates = 200;

    private readonly SortedDictionary<KademliaId, Candidate> candidates = [];

    public KademliaId Target => target;

    /// <summary>Questions so far.</summary>
    public int Asked { get; private set; }

    /// <summary>Peers that did not answer.</summary>
    public int Silent { get; private set; }

    /// <summary>The longest chain of peers of which each named the next, up to one of those found: 1 where the asker knew them all itself.</summary>
    public int Hops => Nearest.Select(candidate => candidate.Hops).DefaultIfEmpty(0).Max();

    /// <summary>Whether the k nearest have answered, or all that there are.</summary>
    public bool IsDone => candidates.Values.Where(candidate => candidate.State != AskState.Silent).Take(k).All(candidate => candidate.State == AskState.Answered);

    /// <summary>Those that have answered, nearest first, k at most.</summary>
    public IReadOnlyList<Peer> Found => [.. Nearest.Select(candidate => candidate.Peer)];

    private IEnumerable<Candidate> Nearest => candidates.Values.Where(candidate => candidate.State == AskState.Answered).Take(k);

    /// <summary>Peers that the asker knows itself.</summary>
    public void Begin(IEnumerable<Peer> known) => Add(known, 1);

    /// <summary>The asker is a candidate too, and needs not be asked.</summary>
    public void BeginWith(Peer self) => candidates[self.Id.DistanceTo(target)] = new Candidate(self, 0) { State = AskState.Answered };

    /// <summary>Whom to ask now.</summary>
    public IReadOnlyList<Peer> Next()
    {
        var room = alpha - candidates.Values.Count(candidate => candidate.State == AskState.Asked);
        var next = new List<Peer>();
        foreach (var candidate in candidates.Values.Where(candidate => candidate.State != AskState.Silent).Take(k).Where(candidate => candidate.State == AskState.Known))
        {
            if (next.Count == room)
            {
                break;
            }

            candidate.State = AskState.Asked;
            Asked++;
            next.Add(candidate.Peer);
        }

        return next;
    }

    /// <summary>A peer has answered, and named others.</summary>
    public void Answered(KademliaId peer, IEnumerable<Peer> named)
    {
        if (candidates.TryGetValue(peer.DistanceTo(target), out var candidate))
        {
            candidate.State = AskState.Answered;
            Add(named, candidate.Hops + 1);
        }
    }

    /// <summary>A peer does not answer. Others take its place.</summary>
    public void Failed(KademliaId peer)
    {
        if (candidates.TryGetValue(peer.DistanceTo(target), out var candidate) && candidate.State == AskState.Asked)
        {
            candidate.State = AskState.Silent;
            Silent++;
        }
    }

    private void Add(IEnumerable<Peer> peers, int hops)
    {
        foreach (var peer in peers)
        {
            if (candidates.Count < MostCandidates)
            {
                candidates.TryAdd(peer.Id.DistanceTo(target), new Candidate(peer, hops));
            }
        }
    }

    private enum AskState
    {
        Known,
        Asked,
        Answered,
        Silent,
    }

    private sealed class Candidate(Peer peer, int hops)
    {
        public Peer Peer => peer;

        public int Hops => hops;

        public AskState State { get; set; }
    }
}
