using Cluster.Engine.Consensus;
using Cluster.Engine.Replication;
using Cluster.Engine.Singleton;
using Cluster.Shared.Ids;

namespace Cluster.Engine.Simulation.Safety;

/// <summary>One node before the judge: what its replicas do, what its disk keeps, and whether it may end.</summary>
internal sealed class NodeWitness(SafetyOracle oracle, SimulatedNode node, DurableLog durable) : IReplicaObserver, ISingletonObserver
{
    private readonly Dictionary<ShardId, (ReplicaTrail Trail, GroupOracle Group)> watched = [];
    private readonly HashSet<ShardId> begun = [];
    private readonly Dictionary<ShardId, (RaftConfiguration Before, RaftConfiguration Now)> configurations = [];
    private bool lostPower;

    public string Name { get; } = node.Name.ToString();

    public DurableLog Durable => durable;

    public int Life { get; private set; }

    /// <summary>Its process starts.</summary>
    public void Starts()
    {
        Life++;
        begun.Clear();
    }

    /// <summary>Its machine has lost power.</summary>
    public void LosesPower() => lostPower = true;

    /// <summary>Its disk was emptied on purpose: whoever starts on it next is a new node.</summary>
    public void IsWiped()
    {
        lostPower = false;
        durable.Clear();
        watched.Clear();
        configurations.Clear();
    }

    public void Begins(string name, ulong epoch, SingletonLease lease) => oracle.Singletons.Begins(this, node, name, epoch, lease);

    public void Ends(string name) => oracle.Singletons.Ends(this, name);

    public void Begins(ShardId group, RaftRecovery from)
    {
        if (begun.Add(group) && durable.Groups.TryGetValue(group, out var kept) && !node.Disk.BrokeItsWord)
        {
            RequireWhole(group, kept, from);
        }

        if (lostPower)
        {
            durable.Replace(group, from);
        }

        WatchedOf(group).Trail.Begin(Life, from);
        configurations.Remove(group);
    }

    public void AllBegan()
    {
        lostPower = false;
        foreach (var group in durable.Groups.Keys.Where(group => !begun.Contains(group) && !node.Disk.BrokeItsWord))
        {
            oracle.Break(SafetyRule.RecoveredIsWhole, group, [Name], $"{Name} started again without any trace of {group}, which its disk had kept");
        }
    }

    public void Takes(Replica replica, RaftEffects effects)
    {
        var (trail, group) = WatchedOf(replica.Group);
        oracle.Knows(replica.Core.Self, this);
        if (effects.RestoreSnapshot is { } snapshot)
        {
            trail.Mirror.Reset(snapshot.Index.Value, snapshot.Term.Value);
            trail.CommitSeen = Math.Max(trail.CommitSeen, snapshot.Index.Value);
        }

        if (effects.TruncateFrom is { } from)
        {
            trail.Mirror.TruncateFrom(from.Value);
        }

        foreach (var entry in effects.Entries)
        {
            group.Appends(trail, entry);
            if (entry.Index > trail.Mirror.LastIndex + 1)
            {
                trail.Mirror.Reset(entry.Index - 1, term: null); // Only a planted bug leaves a hole; what it breaks shows elsewhere.
            }

            trail.Mirror.Append(entry);
        }

        foreach (var happened in effects.Events)
        {
            Note(replica, trail, group, happened);
        }

        group.Commits(trail, replica.Core.CommitIndex.Value, replica.Core.CurrentTerm.Value);
        foreach (var entry in effects.Committed)
        {
            group.Applies(trail, entry);
        }

        trail.Mirror.DropThrough(replica.Core.FirstIndex.Value - 1);
    }

    public void Applied(Replica replica)
    {
        var (trail, group) = WatchedOf(replica.Group);
        group.Reached(trail, replica.Applied.Value, replica.Machine.StateHash);
    }

    public void Answers(Replica replica, LogIndex write)
    {
        if (WatchedOf(replica.Group).Trail.Mirror.TermAt(write.Value) is not { } term)
        {
            return;
        }

        var (before, now) = configurations.TryGetValue(replica.Group, out var known) ? known : (replica.Core.Configuration, replica.Core.Configuration);
        if (!oracle.IsDurable(replica.Group, write.Value, term, now) && !oracle.IsDurable(replica.Group, write.Value, term, before))
        {
            var has = now.Voters.Where(voter => oracle.IsDurableOn(voter, replica.Group, write.Value, term)).Select(oracle.NameOf).ToArray();
            oracle.Break(
                SafetyRule.AnsweredIsDurable,
                replica.Group,
                [Name, .. has],
                $"{Name} answers write {write} of {replica.Group}, and of its voters {string.Join(", ", now.Voters.Select(oracle.NameOf))} it is on the disk of {(has.Length == 0 ? "none" : $"{string.Join(", ", has)} only")}");
        }
    }

    private void Note(Replica replica, ReplicaTrail trail, GroupOracle group, RaftEvent happened)
    {
        switch (happened)
        {
            case RoleChanged { To: RaftRole.Leader }:
                group.Led(trail, happened.Term.Value);
                oracle.Leads(this, replica, node);
                break;
            case ConfigurationChanged changed:
                configurations[replica.Group] = (configurations.TryGetValue(replica.Group, out var known) ? known.Now : changed.Configuration, changed.Configuration);
                break;
        }
    }

    private void RequireWhole(ShardId group, DurableLog.DurableGroup kept, RaftRecovery found)
    {
        var (term, vote) = (found.HardState.Term.Value, found.HardState.VotedFor.Value);
        if (term < kept.Term || (term == kept.Term && vote != kept.Vote && kept.Vote != 0))
        {
            oracle.Break(SafetyRule.RecoveredIsWhole, group, [Name], $"{Name} started again in term {term} of {group} with vote {vote}; its disk had kept term {kept.Term} with vote {kept.Vote}");
        }

        var mirror = new LogMirror();
        ReplicaTrail.Fill(mirror, found);
        var snapshot = found.Snapshot?.Index.Value ?? 0;
        foreach (var entry in kept.Mirror.Entries)
        {
            if (entry.Index > snapshot && mirror.TermAt(entry.Index) != entry.Term)
            {
                oracle.Break(SafetyRule.RecoveredIsWhole, group, [Name], $"{Name} started again without entry {entry.Index} of {group}, term {entry.Term}, which its disk had kept");
                return;
            }
        }
    }

    private (ReplicaTrail Trail, GroupOracle Group) WatchedOf(ShardId group)
    {
        if (!watched.TryGetValue(group, out var known))
        {
            watched.Add(group, known = (new ReplicaTrail(Name), oracle.Of(group)));
        }

        return known;
    }
}
