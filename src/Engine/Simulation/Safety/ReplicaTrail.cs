using Cluster.Engine.Consensus;

namespace Cluster.Engine.Simulation.Safety;

/// <summary>What one replica has done, as its judge remembers it: over all lives of its node.</summary>
internal sealed class ReplicaTrail(string node)
{
    /// <summary>Its node, as people call it.</summary>
    public string Node { get; } = node;

    /// <summary>Counts the starts of its node.</summary>
    public int Life { get; set; }

    /// <summary>The log as the core has given it out, written or not.</summary>
    public LogMirror Mirror { get; } = new();

    /// <summary>Its commit index as far as it was judged.</summary>
    public ulong CommitSeen { get; set; }

    /// <summary>Begins again from what its disk holds.</summary>
    public void Begin(int life, RaftRecovery from)
    {
        Life = life;
        CommitSeen = from.Snapshot?.Index.Value ?? 0;
        Fill(Mirror, from);
    }

    /// <summary>Makes a mirror of a log as it was recovered.</summary>
    public static void Fill(LogMirror mirror, RaftRecovery from)
    {
        var snapshot = from.Snapshot is { } meta ? (Index: meta.Index.Value, Term: meta.Term.Value) : (Index: 0UL, Term: 0UL);
        if (from.Entries.Count == 0 || from.Entries[0].Index == snapshot.Index + 1)
        {
            mirror.Reset(snapshot.Index, snapshot.Term);
        }
        else
        {
            mirror.Reset(from.Entries[0].Index - 1, term: null);
        }

        foreach (var entry in from.Entries)
        {
            mirror.Append(entry);
        }
    }
}
