using Cluster.Engine.ControlPlane;
using Cluster.Engine.Diagnosis;
using Cluster.Engine.Membership;
using Cluster.Engine.Replication;
using Cluster.Engine.Sharding.Client;
using Cluster.Shared.Http;
using Cluster.Shared.Ids;

namespace Cluster.Engine.Hosting;

/// <summary>The cluster in the words of <see cref="ClusterView"/>, as this node sees it at this moment. Reading it takes no turn from anything.</summary>
public sealed class NodeView
{
    private const double PhiShownMost = 100;

    /// <summary>Three voters survive the loss of any one of them.</summary>
    private const int VotersForOneLoss = 3;

    private readonly EngineOptions options;
    private readonly NodeFoundation foundation;
    private readonly ControlViews views;
    private readonly ReplicaBoard board;
    private readonly ReachabilityBoard reachability;
    private readonly LeaderDirectory leaders;
    private volatile bool settled;

    internal NodeView(EngineOptions options, NodeFoundation foundation, ControlViews views, ReplicaBoard board, ReachabilityBoard reachability, LeaderDirectory leaders) =>
        (this.options, this.foundation, this.views, this.board, this.reachability, this.leaders) = (options, foundation, views, board, reachability, leaders);

    /// <summary>In words, why this node does not serve; null when it does: it is an up member, knows the shard table and a leader for each shard.</summary>
    public string? NotReadyBecause
    {
        get
        {
            var view = views.Current;
            if (reachability.Waiting is { } waiting)
            {
                return waiting;
            }

            if (view.FindMember(foundation.Local.Node) is not { IsUp: true } self)
            {
                return $"the control plane has not made {options.Name} up yet ({view.FindMember(foundation.Local.Node)?.Status.ToString().ToLowerInvariant() ?? "not a member"})";
            }

            if (board.StorageProblem is { } problem)
            {
                return $"its log cannot be written: {problem}";
            }

            if (!view.HasShardTable)
            {
                return $"there is no shard table yet: {view.Members.Count(member => member.IsUp)} of {options.Seeds.Count} seeds are up";
            }

            if (!IsControlPlaneSettled(view))
            {
                return "the control plane does not yet vote on as many nodes as it should: it would not survive the loss of its first node";
            }

            var leaderless = view.Shards.Where(shard => !HasLeader(shard)).Select(shard => shard.Shard.ToString()).ToArray();
            return leaderless.Length == 0 ? null : $"no leader for {string.Join(", ", leaderless.Take(5))}{(leaderless.Length > 5 ? $" and {leaderless.Length - 5} more shards" : "")}";
        }
    }

    /// <summary>Everything this node knows.</summary>
    public ClusterView Describe()
    {
        var view = views.Current;
        var reason = NotReadyBecause;
        return new ClusterView(
            options.Cluster,
            view.ClusterId,
            options.Name.ToString(),
            view.Epoch,
            NameOf(view, leaders.Leader(ShardId.Control)),
            reason is null,
            reason,
            [.. view.Members.Select(member => Describe(view, member))],
            [DescribeGroup(view, ShardId.Control, -1, -1, []), .. view.Shards.Select(shard => DescribeGroup(view, shard.Shard, shard.FirstSlot, shard.LastSlot, shard.Replicas))])
        {
            Singletons = [.. view.Singletons.Select(singleton => new SingletonView(singleton.Name, NameOf(view, singleton.Node), singleton.Epoch))],
        };
    }

    /// <summary>What is not as it should be, why, and what to do, as far as this node can tell.</summary>
    public DiagnosisView Diagnose() => new(
        options.Name.ToString(),
        foundation.System.Time.GetUtcNow(),
        ClusterDoctor.Diagnose(new NodeFacts(
            foundation.Local.Node,
            options.Name.ToString(),
            views.Current,
            reachability.Waiting,
            board.StorageProblem,
            [.. board.All],
            reachability.Reports.Only(IsReachable),
            leaders.Leader,
            IsReachable,
            reachability.IsAbsent,
            reachability.ClockSkew,
            reachability.Refusals,
            options.Seeds,
            options.Placement.ReplaceAfter)
        {
            Flaws = options.Flaws,
        }));

    /// <summary>The moves that the control plane would make from now on until every shard is where it should be. It moves nothing.</summary>
    public PlacementPlanView Plan() => PlacementForecast.Make(
        options.Name.ToString(), views.Current, IsReachable, reachability.IsAbsent, reachability.Reports.Only(IsReachable).Newest());

    private bool IsReachable(NodeId node) => node == foundation.Local.Node || reachability.IsReachable(node);

    /// <summary>
    /// Whether group 0 has had its voters once, up to three of them: until then the cluster is forming. Later changes of members do not make a node that serves
    /// unready again.
    /// </summary>
    private bool IsControlPlaneSettled(ControlView view)
    {
        var wanted = Math.Min(view.Members.Count(member => member.IsUp), VotersForOneLoss);
        settled |= board.Find(ShardId.Control) is { } group && group.Configuration.Voters.Length >= wanted;
        return settled;
    }

    /// <summary>A leader that this node knows, and can reach.</summary>
    private bool HasLeader(ControlShard shard)
    {
        var leader = leaders.Leader(shard.Shard);
        return leader.IsNone ? board.Find(shard.Shard) is null : IsReachable(leader);
    }

    private MemberView Describe(ControlView view, ControlMember member) => new(
        member.Name.ToString(),
        member.Node.Value,
        member.Address.ToString(),
        member.Incarnation.Value,
        member.Status.ToString().ToLowerInvariant(),
        IsReachable(member.Node),
        Math.Round(Math.Min(reachability.Phi(member.Node), PhiShownMost), 2),
        view.Shards.Count(shard => leaders.Leader(shard.Shard) == member.Node),
        view.ReplicaCount(member.Node),
        member.HttpAddress is { } http ? $"http://{http}" : null,
        member.RespAddress?.ToString());

    private ShardView DescribeGroup(ControlView view, ShardId group, int firstSlot, int lastSlot, IReadOnlyList<NodeId> assigned)
    {
        var status = board.Find(group);
        return new ShardView(
            group.Value,
            firstSlot,
            lastSlot,
            NameOf(view, leaders.Leader(group)),
            status?.Term.Value ?? leaders.Term(group),
            status?.Commit.Value ?? 0,
            status?.Applied.Value ?? 0,
            [.. (status?.Configuration.Voters ?? [.. assigned]).Select(node => NameOf(view, node) ?? node.ToString())],
            [.. (status?.Configuration.Learners ?? []).Select(node => NameOf(view, node) ?? node.ToString())]);
    }

    private static string? NameOf(ControlView view, NodeId node) => view.FindMember(node)?.Name.ToString();
}
