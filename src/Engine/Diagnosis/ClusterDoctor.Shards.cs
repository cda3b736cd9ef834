using System.Collections.Immutable;
using System.Globalization;
using Cluster.Engine.ControlPlane;
using Cluster.Shared.Http;
using Cluster.Shared.Ids;

namespace Cluster.Engine.Diagnosis;

internal sealed partial class ClusterDoctor
{
    private void LookAtShards()
    {
        LookAtLeaders();
        LookAtMajorities();
        LookAtLags();
        var moving = View.Shards.Where(shard => reports.TryGetValue(shard.Shard, out var report) && !report.IsAt(shard.Replicas)).Select(shard => shard.Shard.ToString()).ToArray();
        if (moving.Length > 0)
        {
            Find(
                FindingSeverity.Note,
                "shards-moving",
                "cluster",
                string.Create(CultureInfo.InvariantCulture, $"{moving.Length} shards are on their way to where the table has them: {List(moving)}"),
                "nothing: 'lab cluster rebalance --dry-run' says what is left");
        }
    }

    /// <summary>Shards without a leader, those with one cause in one finding.</summary>
    private void LookAtLeaders()
    {
        var leaderless = View.Shards.Where(shard => facts.LeaderOf(shard.Shard) is var leader && (leader.IsNone || !facts.IsReachable(leader))).ToArray();
        foreach (var group in leaderless.GroupBy(shard => string.Join(",", Voters(shard).Where(node => !facts.IsReachable(node)).Order()), StringComparer.Ordinal))
        {
            var voters = Voters(group.First());
            Find(
                FindingSeverity.Error,
                "shard-without-leader",
                List([.. group.Select(shard => shard.Shard.ToString())]),
                $"{facts.Name} knows no leader of {List([.. group.Select(shard => shard.Shard.ToString())])}: {WhyNoLeader(voters)}; requests for their keys fail here",
                WhatToDoFor(voters));
        }
    }

    /// <summary>Shards that serve, and would not if one more of their replicas were lost.</summary>
    private void LookAtMajorities()
    {
        var weak = View.Shards.Where(shard =>
        {
            var voters = Voters(shard);
            var heard = voters.Count(facts.IsReachable);
            return voters.Length > 2 && heard < voters.Length && heard == (voters.Length / 2) + 1;
        }).Select(shard => shard.Shard.ToString()).ToArray();
        if (weak.Length > 0)
        {
            Find(
                FindingSeverity.Warning,
                "shards-at-risk",
                "cluster",
                string.Create(CultureInfo.InvariantCulture, $"{weak.Length} shards have a bare majority of their replicas: the loss of one more stops {List(weak)}"),
                "bring the lost members back, or add members and let their replicas be built there");
        }
    }

    private void LookAtLags()
    {
        foreach (var (shard, report) in reports.OrderBy(report => report.Key))
        {
            foreach (var lag in report.Led.Behind)
            {
                var node = new NodeId(lag.Node);
                if (facts.IsReachable(node))
                {
                    Find(
                        report.Led.Voters.Contains(lag.Node) ? FindingSeverity.Warning : FindingSeverity.Note,
                        "replica-behind",
                        $"{shard} on {Name(node)}",
                        string.Create(CultureInfo.InvariantCulture, $"the replica of {shard} on {Name(node)} is {lag.Entries} entries behind its leader {Name(report.Leader)}{(lag.AwaitsSnapshot ? ", and is being sent a snapshot" : "")}"),
                        "nothing if it gets less; if not, its disk or its link is too slow");
                }
            }
        }
    }

    /// <summary>Who votes in a shard as far as is known: its own word, the leader's, or else the table's.</summary>
    private ImmutableArray<NodeId> Voters(ControlShard shard) =>
        facts.Replicas.FirstOrDefault(replica => replica.Group == shard.Shard)?.Configuration.Voters is { IsEmpty: false } own ? own
        : reports.TryGetValue(shard.Shard, out var report) ? ControlRecords.ReadNodes(report.Led.Voters) : shard.Replicas;

    private string WhyNoLeader(ImmutableArray<NodeId> voters)
    {
        var silent = voters.RemoveAll(node => facts.IsReachable(node));
        var needed = (voters.Length / 2) + 1;
        if (silent.IsEmpty)
        {
            return "all its replicas can be reached, so an election is under way";
        }

        return voters.Length - silent.Length >= needed
            ? $"of its replicas on {Names(voters)}, {Names(silent)} cannot be reached from here; the others are a majority and elect one"
            : string.Create(CultureInfo.InvariantCulture, $"of its replicas on {Names(voters)}, {Names(silent)} cannot be reached from here, and {needed} are needed");
    }

    private string WhatToDoFor(ImmutableArray<NodeId> voters)
    {
        var silent = voters.RemoveAll(node => facts.IsReachable(node));
        return silent.IsEmpty ? "nothing: it takes a second" : $"start {Names(silent)}, or heal the links to them; the side with a majority serves meanwhile";
    }
}
