using Cluster.Engine.Consensus;
using Cluster.Shared.Http;
using Cluster.Shared.Ids;
using Cluster.Shared.Wire;

namespace Cluster.Engine.Replication;

/// <summary>
/// Replicas that have moved to other nodes. A removed replica is not told by Raft: its leader just stops speaking to it. So one that the shard table does not
/// place here any more asks those that the table names, and gives itself up only when all three agree: the table, the group's leader by its committed
/// configuration, and what this replica knows itself. What stays is an empty replica with its term and vote: a node that once voted in a group must never begin
/// as its founder again, nor vote twice.
/// </summary>
/// <remarks>
/// An answer counts only if its term is not behind this replica's, and its configuration not older than the newest one here. Had a leader taken the replica back
/// since the answer was sent, then by its first acknowledgement that could count, the replica would hold that leader's term or the configuration that names it.
/// </remarks>
internal sealed partial class ReplicaHostActor
{
    /// <summary>How often a replica that seems to be surplus asks.</summary>
    private static readonly TimeSpan QueryInterval = TimeSpan.FromSeconds(1);

    private TimeSpan nextQuery;

    private void AskWhetherReplaced(TimeSpan now)
    {
        if (now < nextQuery)
        {
            return;
        }

        nextQuery = now + QueryInterval;
        foreach (var replica in replicas.Values)
        {
            if (IsSurplus(replica) && services.Wishes(replica.Group) is { } wish)
            {
                foreach (var node in wish.Voters)
                {
                    Out.Add(new RaftMessage { Group = replica.Group.Value, From = services.Self.Value, To = node.Value, Term = replica.Core.CurrentTerm.Value, ReplicaQuery = new ReplicaQuery() });
                }
            }
        }
    }

    private void AnswerQuery(Replica replica, NodeId asker)
    {
        var core = replica.Core;
        if (replica.Serves && !core.IsConfigurationPending && !core.Configuration.Contains(asker))
        {
            Out.Add(new RaftMessage
            {
                Group = replica.Group.Value,
                From = services.Self.Value,
                To = asker.Value,
                Term = core.CurrentTerm.Value,
                ReplicaAnswer = new ReplicaAnswer { ConfigurationIndex = core.ConfigurationIndex.Value },
            });
        }
    }

    private void VacateWhenReplaced(Replica replica, RaftMessage answer)
    {
        var core = replica.Core;
        if (IsSurplus(replica) && answer.Term >= core.CurrentTerm.Value && answer.ReplicaAnswer.ConfigurationIndex >= core.ConfigurationIndex.Value)
        {
            Vacate(replica);
        }
    }

    /// <summary>Whether this replica holds anything, leads nothing, and the shard table has no place for it here.</summary>
    private bool IsSurplus(Replica replica) =>
        !replica.Group.IsControl && !replica.Vacating && !replica.Core.Configuration.IsEmpty && replica.Core.Role != RaftRole.Leader
        && services.Wishes(replica.Group) is { Voters.IsEmpty: false } wish && !wish.Voters.Contains(services.Self);

    private void Vacate(Replica replica)
    {
        services.Log($"shard {replica.Group} has moved to other nodes: its replica here is given up");
        services.Events.Tell(
            ClusterEventKind.ReplicaDropped,
            $"{services.NameOf(services.Self)} has dropped its replica of {replica.Group}, which lives on other nodes now",
            detail => detail with { Shard = replica.Group.Value, Member = services.NameOf(services.Self) });
        TakeEffects(replica); // What it still has to write precedes its removal in the log.
        StepDown(replica);
        var hardState = new HardState(replica.Core.CurrentTerm, replica.Core.Vote, LogIndex.Zero);
        writes.Add(new WalWrite(replica.Group) { Removed = true });
        writes.Add(new WalWrite(replica.Group) { Created = RaftConfiguration.Empty.ToWire(), HardState = hardState });
        replica.Gone = true;
        replicas.Remove(replica.Group);
        Adopt(new RecoveredReplica(replica.Group, new RaftRecovery { HardState = hardState }, services.NewMachine(replica.Group)));
        var empty = replicas[replica.Group];
        empty.Vacating = true;
        vacated.Add(replica.Group);
        services.Board.Publish(empty);
    }

    /// <summary>Snapshots go only after the removal is durable: a log that builds on one that is gone would be refused at the next start.</summary>
    private void ForgetSnapshots(IReadOnlyList<ShardId> groups)
    {
        foreach (var group in groups)
        {
            services.Snapshots().Tell(new ForgetSnapshots(group));
        }
    }

    private void EndVacating(ShardId group)
    {
        if (replicas.TryGetValue(group, out var replica))
        {
            replica.Vacating = false;
        }
    }
}
