using System.Collections.Immutable;
using System.Globalization;
using Cluster.Shared.Http;
using Cluster.Shared.Ids;

namespace Cluster.Engine.ControlPlane;

/// <summary>
/// The moves from how things are to how <see cref="PlacementCore.Wish"/> would have them, each with its reason: what is decided and under way first, then what is
/// still to be decided. Pure: it moves nothing.
/// </summary>
internal sealed class PlacementForecast
{
    private readonly ControlView view;
    private readonly Func<NodeId, bool> isAbsent;
    private readonly IReadOnlyDictionary<ShardId, GroupReport> reports;
    private readonly List<PlannedMoveView> moves = [];

    private PlacementForecast(ControlView view, Func<NodeId, bool> isAbsent, IReadOnlyDictionary<ShardId, GroupReport> reports) =>
        (this.view, this.isAbsent, this.reports) = (view, isAbsent, reports);

    /// <param name="node">Who is asked: it is by its view, and its detector, that the forecast is made.</param>
    public static PlacementPlanView Make(
        string node, ControlView view, Func<NodeId, bool> isReachable, Func<NodeId, bool> isAbsent, IReadOnlyDictionary<ShardId, GroupReport> reports)
    {
        if (!view.HasShardTable)
        {
            return new PlacementPlanView(node, Balanced: false, "there is no shard table yet: it is made when the seeds are up", []);
        }

        var forecast = new PlacementForecast(view, isAbsent, reports);
        foreach (var shard in view.Shards)
        {
            forecast.AddUnderWay(shard);
        }

        foreach (var plan in PlacementCore.Wish(view, isReachable, isAbsent))
        {
            forecast.AddToCome(view.FindShard(plan.Shard)!, plan.Replicas);
        }

        return new PlacementPlanView(node, forecast.moves.Count == 0, Summary(forecast.moves), forecast.moves);
    }

    private static string Summary(List<PlannedMoveView> moves)
    {
        if (moves.Count == 0)
        {
            return "balanced: every shard is where it should be";
        }

        int Count(MoveKind kind) => moves.Count(move => move.Kind == kind);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{moves.Count} moves: {Count(MoveKind.AddReplica)} replicas to build, {Count(MoveKind.RemoveReplica)} to remove, {Count(MoveKind.TransferLeadership)} leaderships to hand over; {moves.Count(move => move.UnderWay)} of them under way");
    }

    private void AddUnderWay(ControlShard shard)
    {
        if (!reports.TryGetValue(shard.Shard, out var report))
        {
            return;
        }

        var voters = ControlRecords.ReadNodes(report.Led.Voters);
        AddReplacements(shard, voters, shard.Replicas, underWay: true);
        if (report.Leader != shard.PreferredLeader && voters.Contains(shard.PreferredLeader) && shard.Replicas.Contains(report.Leader))
        {
            AddHandOver(shard, report.Leader, shard.PreferredLeader, underWay: true);
        }
    }

    private void AddToCome(ControlShard shard, ImmutableArray<NodeId> wished)
    {
        AddReplacements(shard, shard.Replicas, wished, underWay: false);
        if (wished[0] != shard.PreferredLeader)
        {
            AddHandOver(shard, shard.PreferredLeader, wished[0], underWay: false);
        }
    }

    /// <summary>Each newcomer stands in for one that goes, as far as both are there.</summary>
    private void AddReplacements(ControlShard shard, ImmutableArray<NodeId> now, ImmutableArray<NodeId> then, bool underWay)
    {
        var go = now.RemoveAll(then.Contains);
        var come = then.RemoveAll(now.Contains);
        for (var i = 0; i < come.Length; i++)
        {
            var from = i < go.Length ? go[i] : NodeId.None;
            Add(shard, MoveKind.AddReplica, from, come[i], underWay, from.IsNone ? WhyMore(now.Length, then.Length) : WhyInstead(from, come[i]));
        }

        for (var i = 0; i < go.Length; i++)
        {
            Add(shard, MoveKind.RemoveReplica, go[i], NodeId.None, underWay, i < come.Length ? WhyInstead(go[i], come[i]) : WhyFewer(go[i], then.Length));
        }
    }

    private void AddHandOver(ControlShard shard, NodeId from, NodeId to, bool underWay) => Add(
        shard,
        MoveKind.TransferLeadership,
        from,
        to,
        underWay,
        WhyGone(from) ?? string.Create(CultureInfo.InvariantCulture, $"leaders are balanced: the table prefers {view.NameOf(from)} for {Leads(from)} shards, {view.NameOf(to)} for {Leads(to)}"));

    private void Add(ControlShard shard, MoveKind kind, NodeId from, NodeId to, bool underWay, string because) => moves.Add(new PlannedMoveView(
        moves.Count + 1, shard.Shard.Value, kind, from.IsNone ? null : view.NameOf(from), to.IsNone ? null : view.NameOf(to), underWay, because));

    private string WhyInstead(NodeId from, NodeId to) => WhyGone(from) ?? string.Create(
        CultureInfo.InvariantCulture, $"replicas are balanced: the table names {view.NameOf(from)} for {view.ReplicaCount(from)} shards, {view.NameOf(to)} for {view.ReplicaCount(to)}");

    private static string WhyMore(int now, int then) => string.Create(CultureInfo.InvariantCulture, $"it has {now} replicas, and with the members that are up it can have {then}");

    private string WhyFewer(NodeId from, int then) => WhyGone(from) ?? string.Create(CultureInfo.InvariantCulture, $"{then} replicas are wanted");

    /// <summary>Why a node should hold nothing; null when it may.</summary>
    private string? WhyGone(NodeId node) => view.FindMember(node) switch
    {
        null => $"{view.NameOf(node)} is no member any more",
        { IsUp: false } member => $"{member.Name} is {member.Status.ToString().ToLowerInvariant()}",
        { } member when isAbsent(node) => $"{member.Name} has been silent for so long that others take its replicas",
        _ => null,
    };

    private int Leads(NodeId node) => view.Shards.Count(shard => shard.PreferredLeader == node);
}
