using System.Globalization;
using Cluster.Engine.Consensus;
using Cluster.Engine.Events;
using Cluster.Shared.Http;
using Cluster.Shared.Ids;

namespace Cluster.Engine.Replication;

/// <summary>
/// Keeps account of the moves of the groups that this node leads, and tells each when it begins and when it ends. It decides nothing: it looks at how a group
/// stands, so a leader that comes to power half-way tells what is left as a move of its own.
/// </summary>
internal sealed class MoveLedger(ClusterEvents events, ReplicationMetrics metrics, Func<NodeId, string> nameOf)
{
    /// <summary>Who lost the leadership by a transfer hears soon who has it; without word for that long it went wrong.</summary>
    private static readonly TimeSpan WordOfSuccessor = TimeSpan.FromSeconds(2);

    /// <summary>A voter is being taken out, as this leader has proposed.</summary>
    public void RemovalBegan(Replica replica, NodeId from, TimeSpan now) => Begin(replica, new OpenMove(MoveKind.RemoveReplica, from, NodeId.None, now, 0));

    /// <summary>Leadership is on its way.</summary>
    public void TransferBegan(Replica replica, NodeId from, NodeId to, TimeSpan now) => Begin(replica, new OpenMove(MoveKind.TransferLeadership, from, to, now, 0));

    /// <summary>The target did not take over in time.</summary>
    public void TransferAborted(Replica replica, TimeSpan now) => EndAll(replica, now, move => move.Kind == MoveKind.TransferLeadership ? MoveOutcome.GivenUp : null);

    /// <summary>A snapshot has arrived at a learner.</summary>
    public void SnapshotArrived(Replica replica, NodeId at, long bytes)
    {
        foreach (var move in replica.Moves)
        {
            if (move.Kind == MoveKind.AddReplica && move.To == at)
            {
                move.SnapshotBytes += bytes;
            }
        }
    }

    /// <summary>Looks how the group stands: due whenever its configuration, its role or its leader has changed, and now and then.</summary>
    public void Look(Replica replica, GroupWish? wish, TimeSpan now)
    {
        var core = replica.Core;
        if (replica.Moves.Count > 0)
        {
            EndAll(replica, now, move => OutcomeOf(core, wish, move, now));
        }

        if (core.Role == RaftRole.Leader && wish is not null)
        {
            foreach (var learner in core.Configuration.Learners)
            {
                if (wish.Voters.Contains(learner) && !replica.Moves.Exists(move => move.Kind == MoveKind.AddReplica && move.To == learner))
                {
                    Begin(replica, new OpenMove(MoveKind.AddReplica, Predecessor(replica, wish), learner, now, core.SentBytesTo(learner)));
                }
            }
        }
    }

    private static MoveOutcome? OutcomeOf(RaftCore core, GroupWish? wish, OpenMove move, TimeSpan now)
    {
        if (move.Kind == MoveKind.TransferLeadership)
        {
            return core.Role == RaftRole.Leader ? null
                : core.Leader == move.To ? MoveOutcome.Done
                : core.Leader is not null || now - move.Began > WordOfSuccessor ? MoveOutcome.GivenUp : null;
        }

        if (core.Role != RaftRole.Leader)
        {
            return MoveOutcome.HandedOn;
        }

        if (move.Kind == MoveKind.RemoveReplica)
        {
            return core.Configuration.IsVoter(move.From) ? MoveOutcome.GivenUp : core.IsConfigurationPending ? null : MoveOutcome.Done;
        }

        if (core.Configuration.IsVoter(move.To))
        {
            return core.IsConfigurationPending ? null : MoveOutcome.Done;
        }

        return core.Configuration.IsLearner(move.To) && wish?.Voters.Contains(move.To) == true ? null : MoveOutcome.GivenUp;
    }

    /// <summary>For whom the newcomer stands in: a voter that is not wished any more and is not counted as another newcomer's predecessor.</summary>
    private static NodeId Predecessor(Replica replica, GroupWish wish)
    {
        foreach (var voter in replica.Core.Configuration.Voters)
        {
            if (!wish.Voters.Contains(voter) && !replica.Moves.Exists(move => move.Kind == MoveKind.AddReplica && move.From == voter))
            {
                return voter;
            }
        }

        return NodeId.None;
    }

    private void Begin(Replica replica, OpenMove move)
    {
        replica.Moves.Add(move);
        metrics.MoveBegan();
        var view = View(replica, move, default, null);
        events.Tell(ClusterEventKind.MoveStarted, $"{What(replica, move)} begins", detail => detail with { Shard = view.Shard, Move = view });
    }

    private void EndAll(Replica replica, TimeSpan now, Func<OpenMove, MoveOutcome?> outcomeOf)
    {
        for (var i = replica.Moves.Count - 1; i >= 0; i--)
        {
            if (outcomeOf(replica.Moves[i]) is { } outcome)
            {
                var move = replica.Moves[i];
                replica.Moves.RemoveAt(i);
                End(replica, move, outcome, now);
            }
        }
    }

    private void End(Replica replica, OpenMove move, MoveOutcome outcome, TimeSpan now)
    {
        var view = View(replica, move, now - move.Began, outcome);
        metrics.MoveEnded(view);
        var how = outcome switch
        {
            MoveOutcome.Done => "is done",
            MoveOutcome.HandedOn => "goes on under another leader",
            _ => "was given up",
        };
        var bytes = move.Kind == MoveKind.AddReplica ? string.Create(CultureInfo.InvariantCulture, $", {view.Bytes} bytes") : "";
        events.Tell(
            ClusterEventKind.MoveEnded,
            string.Create(CultureInfo.InvariantCulture, $"{What(replica, move)} {how} after {view.Seconds:0.00} s{bytes}"),
            detail => detail with { Shard = view.Shard, Move = view });
    }

    private MoveView View(Replica replica, OpenMove move, TimeSpan took, MoveOutcome? outcome) => new(
        replica.Group.Value,
        move.Kind,
        move.From.IsNone ? null : nameOf(move.From),
        move.To.IsNone ? null : nameOf(move.To),
        move.Kind == MoveKind.AddReplica ? move.SnapshotBytes + Math.Max(0, replica.Core.SentBytesTo(move.To) - move.SentBefore) : 0,
        took.TotalSeconds,
        outcome);

    private string What(Replica replica, OpenMove move) => move.Kind switch
    {
        MoveKind.AddReplica when move.From.IsNone => $"a new replica of {replica.Group} on {nameOf(move.To)}",
        MoveKind.AddReplica => $"a new replica of {replica.Group} on {nameOf(move.To)}, for that of {nameOf(move.From)},",
        MoveKind.RemoveReplica => $"taking {replica.Group} from {nameOf(move.From)}",
        _ => $"handing {replica.Group} over from {nameOf(move.From)} to {nameOf(move.To)}",
    };
}
