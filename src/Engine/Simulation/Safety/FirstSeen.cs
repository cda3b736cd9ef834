namespace Cluster.Engine.Simulation.Safety;

/// <summary>What the first replica that came to an index had there. Indices come nearly in order and without holes, so they are places of a list.</summary>
internal sealed class FirstSeen
{
    private readonly List<(ulong Print, ReplicaTrail? By)> seen = [];

    /// <summary>Indices at which some replica was.</summary>
    public int Count { get; private set; }

    /// <summary>The replica that was there first, where it had something else; null where it had the same, or nobody was there before.</summary>
    public ReplicaTrail? Differs(ulong index, ulong print, ReplicaTrail by)
    {
        while ((ulong)seen.Count <= index)
        {
            seen.Add(default);
        }

        var (known, first) = seen[(int)index];
        if (first is null)
        {
            seen[(int)index] = (print, by);
            Count++;
            return null;
        }

        return known == print ? null : first;
    }
}
