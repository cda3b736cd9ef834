namespace Cluster.Modes.MultiMaster;

/// <summary>
/// Which updates a replica has, over all keys: all up to some number of each other replica, and single ones beyond (the node logical clock of Gonçalves et al., "Concise Server-Wide Causality Management", DAIS 2015). It makes
/// the comparison of two replicas a comparison of two short vectors.
/// </summary>
internal sealed class NodeClock
{
    /// <summary>Single updates of one replica that are kept beyond a gap; what is beyond that comes with the next exchange.</summary>
    public const int MostAhead = 10_000;

    private readonly SortedDictionary<string, SortedSet<long>> ahead = new(StringComparer.Ordinal);

    /// <summary>Everything up to here is known.</summary>
    public VersionVector Base { get; private set; } = VersionVector.Zero;

    /// <summary>An update was taken over.</summary>
    /// <returns>False: it was known.</returns>
    public bool Add(Dot dot)
    {
        if (Base.Covers(dot))
        {
            return false;
        }

        if (!ahead.TryGetValue(dot.Replica, out var beyond))
        {
            ahead.Add(dot.Replica, beyond = []);
        }

        if (beyond.Count == MostAhead || !beyond.Add(dot.Number))
        {
            return false;
        }

        Absorb(dot.Replica);
        return true;
    }

    /// <summary>Everything that somebody else had was taken over.</summary>
    public void Raise(VersionVector known)
    {
        Base = Base.Join(known);
        foreach (var replica in ahead.Keys.ToList())
        {
            Absorb(replica);
        }
    }

    /// <summary>What follows without a gap belongs to the base.</summary>
    private void Absorb(string replica)
    {
        var beyond = ahead[replica];
        while (beyond.Count > 0 && beyond.Min <= Base[replica] + 1)
        {
            Base = Base.With(new Dot(replica, beyond.Min));
            beyond.Remove(beyond.Min);
        }

        if (beyond.Count == 0)
        {
            ahead.Remove(replica);
        }
    }
}
