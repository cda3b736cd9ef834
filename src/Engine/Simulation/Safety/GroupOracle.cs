using Cluster.Shared.Wire;

namespace Cluster.Engine.Simulation.Safety;

/// <summary>Sees every replica of one group at once, as no replica can, and checks each of Raft's safety rules at each step, incrementally.</summary>
/// <param name="group">As people call it.</param>
/// <param name="broken">Told each broken rule, who is involved, and what happened, in words.</param>
internal sealed class GroupOracle(string group, Action<SafetyRule, string[], string> broken)
{
    private readonly Dictionary<ulong, (ReplicaTrail Replica, int Life)> leaders = [];
    private readonly Dictionary<(ulong Index, ulong Term), Seen> entries = [];
    private readonly List<(ulong Term, ulong CommittedIn)> committed = [(0, 0)];
    private readonly FirstSeen applied = new();
    private readonly FirstSeen states = new();
    private (ulong Term, ReplicaTrail Replica)? newest;

    /// <summary>Entries that some replica has applied.</summary>
    public int Applied => applied.Count;

    /// <summary>Entries that some replica knows to be committed.</summary>
    public int Committed => committed.Count - 1;

    public int Elections => leaders.Count;

    public void Led(ReplicaTrail replica, ulong term)
    {
        var who = (replica, replica.Life);
        if (!leaders.TryAdd(term, who) && leaders[term] != who)
        {
            var (first, life) = leaders[term];
            var sentence = first == replica
                ? $"term {term} of {group} has two leaders: {replica.Node} before it started again (life {life}), and {replica.Node} after it (life {replica.Life})"
                : $"term {term} of {group} has two leaders: {first.Node} and {replica.Node}";
            broken(SafetyRule.ElectionSafety, [replica.Node, first.Node], sentence);
        }

        if (newest is not { } known || known.Term < term)
        {
            newest = (term, replica);
        }

        for (var index = replica.Mirror.BaseIndex + 1; index < (ulong)committed.Count; index++)
        {
            var (itsTerm, committedIn) = committed[(int)index];
            if (committedIn < term)
            {
                RequireHas(replica, term, index, itsTerm, committedIn);
            }
        }
    }

    /// <summary>Before the entry is appended to the replica's mirror.</summary>
    public void Appends(ReplicaTrail replica, Entry entry)
    {
        var now = new Seen(Fingerprint(entry), replica.Mirror.TermAt(entry.Index - 1), replica);
        if (!entries.TryAdd((entry.Index, entry.Term), now) && entries[(entry.Index, entry.Term)] is var seen && !seen.Agrees(now))
        {
            var what = seen.Fingerprint == now.Fingerprint ? "follows different entries" : "has different contents";
            broken(SafetyRule.LogMatching, [replica.Node, seen.First.Node], $"entry {entry.Index} of {group}, term {entry.Term}, {what} on {replica.Node} and on {seen.First.Node}");
        }
    }

    /// <param name="commit">The replica's commit index.</param>
    /// <param name="term">Its current term.</param>
    public void Commits(ReplicaTrail replica, ulong commit, ulong term)
    {
        while (replica.CommitSeen < commit)
        {
            Commit(replica, ++replica.CommitSeen, term);
        }
    }

    public void Applies(ReplicaTrail replica, Entry entry)
    {
        if (applied.Differs(entry.Index, Fingerprint(entry) + entry.Term, replica) is { } first)
        {
            broken(SafetyRule.StateMachineSafety, [replica.Node, first.Node], $"{replica.Node} applies another entry {entry.Index} to {group} than {first.Node} did");
        }
    }

    /// <summary>The state after that entry is the same everywhere.</summary>
    /// <param name="state">A hash of it.</param>
    public void Reached(ReplicaTrail replica, ulong index, ulong state, SafetyRule rule = SafetyRule.EqualStates)
    {
        if (states.Differs(index, state, replica) is { } first)
        {
            broken(rule, [replica.Node, first.Node], $"{replica.Node} and {first.Node} have applied {group} up to entry {index} and are in different states");
        }
    }

    /// <summary>Equal for equal contents.</summary>
    public static ulong Fingerprint(Entry entry) => TraceHash.Of(entry.Data.Span, (ulong)entry.Kind);

    private void Commit(ReplicaTrail replica, ulong index, ulong inTerm)
    {
        if (replica.Mirror.TermAt(index) is not { } term)
        {
            return;
        }

        if (index == (ulong)committed.Count)
        {
            committed.Add((term, inTerm));
            if (newest is { } leader && leader.Term > inTerm && leader.Replica.Mirror.BaseIndex < index)
            {
                RequireHas(leader.Replica, leader.Term, index, term, inTerm);
            }
        }
        else if (index < (ulong)committed.Count && committed[(int)index].Term != term)
        {
            broken(
                SafetyRule.StateMachineSafety,
                [replica.Node],
                $"{replica.Node} counts entry {index} of {group} with term {term} as committed, another replica counted it with term {committed[(int)index].Term}");
        }
    }

    private void RequireHas(ReplicaTrail leader, ulong leads, ulong index, ulong term, ulong committedIn)
    {
        if (leader.Mirror.TermAt(index) is var held && held != term)
        {
            var instead = held is { } other ? $"has one of term {other} in its place" : "does not have it";
            broken(SafetyRule.LeaderCompleteness, [leader.Node], $"entry {index} of {group}, term {term}, was committed in term {committedIn}; {leader.Node} leads term {leads} and {instead}");
        }
    }

    /// <summary>An entry as it was seen first.</summary>
    private readonly record struct Seen(ulong Fingerprint, ulong? PreviousTerm, ReplicaTrail First)
    {
        public bool Agrees(in Seen other) => Fingerprint == other.Fingerprint && (PreviousTerm is null || other.PreviousTerm is null || PreviousTerm == other.PreviousTerm);
    }
}
