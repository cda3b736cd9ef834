using Cluster.Shared.Wire;

namespace Cluster.Simulation.Tests.Consensus;

/// <summary>Sees every replica at once, as no replica can, and checks each safety rule at each step, incrementally.</summary>
internal sealed class GroupOracle(Func<TimeSpan> now, SafetyRule? judgesOnly)
{
    private readonly Dictionary<ulong, (uint Node, int Life)> leaders = [];
    private readonly Dictionary<(ulong Index, ulong Term), (ulong Hash, ulong PreviousTerm)> entries = [];
    private readonly List<(ulong Term, ulong CommittedIn)> committed = [(0, 0)];
    private readonly List<ulong> states = [0];

    /// <summary>The highest index whose write a client was told about.</summary>
    public ulong Acknowledged { get; private set; }

    public int Applied => states.Count - 1;

    public int ReadsChecked { get; private set; }

    public int LeaseReadsChecked { get; private set; }

    public int Elections => leaders.Count;

    public void Led(SimulatedReplica replica, ulong term)
    {
        var who = (replica.Node.Value, replica.Life);
        if (!leaders.TryAdd(term, who) && leaders[term] != who)
        {
            Break(SafetyRule.ElectionSafety, $"term {term} has leaders {leaders[term]} and {who} (node, life)");
        }

        for (var index = replica.Mirror.BaseIndex + 1; index < (ulong)committed.Count; index++)
        {
            var (itsTerm, committedIn) = committed[(int)index];
            if (committedIn < term && replica.Mirror.TermAt(index) != itsTerm)
            {
                Break(SafetyRule.LeaderCompleteness, $"{replica.Node} leads term {term} with term {replica.Mirror.TermAt(index)} at entry {index}; term {itsTerm} was committed there in term {committedIn}");
            }
        }
    }

    public void Appended(SimulatedReplica replica, Entry entry)
    {
        var seen = (Fingerprint(entry), PreviousTerm: replica.Mirror.TermAt(entry.Index - 1) ?? 0);
        if (!entries.TryAdd((entry.Index, entry.Term), seen) && entries[(entry.Index, entry.Term)] != seen)
        {
            Break(SafetyRule.LogMatching, $"entry {entry.Index}/{entry.Term} on {replica.Node} differs from another replica's, or what stands before it does");
        }
    }

    public void Committed(SimulatedReplica replica, ulong index)
    {
        if (replica.Mirror.TermAt(index) is not { } term)
        {
            return;
        }

        if (index == (ulong)committed.Count)
        {
            committed.Add((term, replica.Core.CurrentTerm.Value));
        }
        else if (index < (ulong)committed.Count && committed[(int)index].Term != term)
        {
            Break(SafetyRule.StateMachineSafety, $"{replica.Node} has term {term} committed at {index}, term {committed[(int)index].Term} was before");
        }
    }

    /// <summary>The state after that entry is the same hash everywhere.</summary>
    public ulong ApplyTo(SimulatedReplica replica, ulong state, Entry entry)
    {
        var next = ((state ^ Fingerprint(entry)) * 0x9E3779B97F4A7C15) + entry.Term;
        Reached(replica, entry.Index, next);
        return next;
    }

    public void Reached(SimulatedReplica replica, ulong index, ulong state)
    {
        if (index == (ulong)states.Count)
        {
            states.Add(state);
        }
        else if (index > (ulong)states.Count || states[(int)index] != state)
        {
            Break(SafetyRule.StateMachineSafety, $"{replica.Node} reached another state at {index} than a replica before it");
        }
    }

    public void Told(ulong index) => Acknowledged = Math.Max(Acknowledged, index);

    public void ReadServed(SimulatedReplica replica, ulong index, ulong floor)
    {
        ReadsChecked++;
        if (index < floor)
        {
            Break(SafetyRule.ReadFreshness, $"{replica.Node} read at {index}; {floor} was acknowledged before the read was asked");
        }
    }

    public void LeaseReadServed(SimulatedReplica replica, ulong index)
    {
        LeaseReadsChecked++;
        if (index < Acknowledged)
        {
            Break(SafetyRule.LeaseFreshness, $"{replica.Node}, leader of term {replica.Core.CurrentTerm}, read by lease at {index}; {Acknowledged} was acknowledged before");
        }
    }

    public void Break(SafetyRule rule, string details)
    {
        if (judgesOnly is null || judgesOnly == rule)
        {
            throw new SimulationViolation(rule, now(), details);
        }
    }

    private static ulong Fingerprint(Entry entry)
    {
        var hash = 14695981039346656037UL ^ (ulong)entry.Kind;
        foreach (var octet in entry.Data.Span)
        {
            hash = (hash ^ octet) * 1099511628211;
        }

        return hash;
    }
}
