using Cluster.Engine.Simulation.Safety;
using Cluster.Shared.Wire;

namespace Cluster.Simulation.Tests.Consensus;

/// <summary>The judge of a bare group: Raft's own rules, as of a whole cluster, and the freshness of reads, which a whole cluster's histories show.</summary>
internal sealed class RaftOracle
{
    private readonly Func<TimeSpan> now;
    private readonly SafetyRule? judgesOnly;

    public RaftOracle(Func<TimeSpan> now, SafetyRule? judgesOnly)
    {
        (this.now, this.judgesOnly) = (now, judgesOnly);
        Group = new GroupOracle("the group", (rule, _, sentence) => Break(rule, sentence));
    }

    public GroupOracle Group { get; }

    /// <summary>The highest index whose write a client was told about.</summary>
    public ulong Acknowledged { get; private set; }

    public int ReadsChecked { get; private set; }

    public int LeaseReadsChecked { get; private set; }

    /// <summary>The state after that entry is the same hash everywhere.</summary>
    public ulong ApplyTo(SimulatedReplica replica, ulong state, Entry entry)
    {
        Group.Applies(replica.Trail, entry);
        var next = ((state ^ GroupOracle.Fingerprint(entry)) * 0x9E3779B97F4A7C15) + entry.Term;
        Group.Reached(replica.Trail, entry.Index, next, SafetyRule.StateMachineSafety);
        return next;
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
}
