using Cluster.Engine.ControlPlane;
using Cluster.Shared.Ids;
using Cluster.Shared.Wire;

namespace Cluster.Engine.Membership;

/// <summary>
/// What the control plane's leader does of itself: forms the cluster on paper, moves members along, creates the shard table, keeps it as wished. Level-triggered
/// and one proposal at a time: each look starts from what is decided, so nothing is remembered and nothing can be forgotten.
/// </summary>
internal sealed partial class ClusterActor
{
    private bool proposing;
    private TimeSpan? leadsSince;

    private void LeadWhenLeader(TimeSpan now)
    {
        if (services.Board.Find(ShardId.Control) is not { Role: Consensus.RaftRole.Leader, Serves: true } group)
        {
            leadsSince = null;
            return;
        }

        leadsSince ??= now;
        if (!proposing && Due(group, now) is { } command)
        {
            Propose(command);
        }
    }

    private ControlCommand? Due(Replication.ReplicaStatus group, TimeSpan now)
    {
        var view = services.Views.Current;
        if (!view.IsFormed)
        {
            return new ControlCommand { FormCluster = FormCommand() };
        }

        foreach (var change in LeaderActions.Due(view, IsReachable, MayHoldReplicas, group.Configuration.Voters))
        {
            return new ControlCommand { ChangeStatus = change };
        }

        foreach (var node in DowningCore.Decide(view, services.Local.Node, holdsMajority: true, reachability.SuspectedSince, now, services.Options.Downing))
        {
            return new ControlCommand { ChangeStatus = new ChangeStatus { Node = node.Value, Status = MemberStatus.Down } };
        }

        if (NextSingleton(view, now) is { } place)
        {
            return new ControlCommand { PlaceSingleton = place };
        }

        return view.HasShardTable ? NextChange(view) : NewTable(view, now);
    }

    private FormCluster FormCommand() => new()
    {
        ClusterId = services.Data.Identity.ClusterId,
        ClusterName = services.Options.Cluster,
        Settings = new ClusterSettings { ShardCount = (uint)services.Options.Shards, ReplicationFactor = (uint)services.Options.ReplicationFactor },
        First = services.Presentation,
    };

    private ControlCommand? NewTable(ControlView view, TimeSpan now)
    {
        if (!PlacementCore.ShouldCreateTable(view, services.Options.Seeds.Count, now - leadsSince!.Value, services.Options.SeedPatience))
        {
            return null;
        }

        var table = new CreateShardTable();
        foreach (var plan in PlacementCore.Wish(view, IsReachable))
        {
            var row = new ShardAssignment { Shard = plan.Shard.Value, FirstSlot = (uint)plan.FirstSlot, LastSlot = (uint)plan.LastSlot };
            row.Replicas.AddRange(plan.Replicas.Select(node => node.Value));
            table.Shards.Add(row);
        }

        return new ControlCommand { CreateShardTable = table };
    }

    private ControlCommand? NextChange(ControlView view)
    {
        var wish = PlacementCore.Wish(view, IsReachable, services.Reachability.IsAbsent);
        if (wish.All(plan => view.FindShard(plan.Shard)!.Replicas.AsSpan().SequenceEqual(plan.Replicas.AsSpan())))
        {
            return null;
        }

        var change = PlacementCore.NextChange(view, wish, HeardReports.Newest(), node => view.IsUp(node) && IsReachable(node), services.Options.Placement.MaxArrivingPerNode);
        return change is null ? null : new ControlCommand { SetReplicas = change };
    }

    private void Propose(ControlCommand command)
    {
        proposing = true;
        var self = Self;
        _ = ProposeAsync();

        async Task ProposeAsync()
        {
            var (reply, error) = await services.Control.DecideAsync(command).ConfigureAwait(false);
            self.Tell(new ProposalAnswered(command, reply, error));
        }
    }

    private void OnProposalAnswered(ProposalAnswered answered)
    {
        proposing = false;
        if (answered.Error is { } error)
        {
            services.Log($"the control plane did not decide {answered.Command.BodyCase}: {error}");
        }
        else if (answered.Reply is { Refusal: not ControlRefusal.None } refused)
        {
            services.Log($"the control plane refused {answered.Command.BodyCase}: {refused.Message}");
        }
    }

    private bool IsReachable(NodeId node) => node == services.Local.Node || reachability.IsReachable(node);

    private bool MayHoldReplicas(ControlMember member) => HeardReports.GroupsThatMayHold(services.Views.Current, member) > 0;

    /// <summary>A leader that is not heard may be deposed by now without knowing it.</summary>
    private GroupReports HeardReports => services.Reachability.Reports.Only(IsReachable);
}
