using System.Globalization;
using Cluster.Engine.ControlPlane;
using Cluster.Shared.Http;
using Cluster.Shared.Ids;

namespace Cluster.Engine.Diagnosis;

/// <summary>
/// Says in words what is not as it should be, why, and what to do, by what one node knows. Pure. Whatever keeps a node from being ready has a finding here; each
/// check has a code of its own, and says nothing when all is well.
/// </summary>
internal sealed partial class ClusterDoctor
{
    /// <summary>Names listed in one sentence; of more, the number is said.</summary>
    private const int NamesInASentence = 5;

    private readonly NodeFacts facts;
    private readonly IReadOnlyDictionary<ShardId, GroupReport> reports;
    private readonly List<FindingView> findings = [];

    private ClusterDoctor(NodeFacts facts) => (this.facts, reports) = (facts, facts.Reports.Newest());

    private ControlView View => facts.View;

    /// <summary>The findings, the worst first.</summary>
    public static IReadOnlyList<FindingView> Diagnose(NodeFacts facts)
    {
        var doctor = new ClusterDoctor(facts);
        doctor.LookAtNode();
        if (facts.View.IsFormed && facts.Waiting is null)
        {
            doctor.LookAtControlPlane();
            doctor.LookAtMembers();
            doctor.LookAtShards();
        }

        return [.. doctor.findings.OrderByDescending(finding => finding.Severity)];
    }

    private void LookAtNode()
    {
        if (facts.Waiting is { } waiting)
        {
            Find(FindingSeverity.Error, "not-a-member", facts.Name, $"{facts.Name} is not a member of a cluster: {waiting}", "start the nodes that it waits for, or check --seeds and --cluster");
        }

        foreach (var flaw in facts.Flaws)
        {
            Find(
                FindingSeverity.Warning,
                "planted-flaw",
                $"{flaw} on {facts.Name}",
                $"{facts.Name} is broken on purpose: it {flaw.Breaks}",
                "trust nothing that this cluster says; start the node without --flaw (and CLUSTER_FLAW)");
        }

        if (facts.StorageProblem is { } problem)
        {
            Find(
                FindingSeverity.Error,
                "disk-refuses",
                facts.Name,
                $"{facts.Name} cannot write its log: {problem}; it leads nothing and acknowledges nothing",
                "make room on its disk; it goes on by itself");
        }

        foreach (var replica in facts.Replicas)
        {
            if (replica.Missing is { } missing)
            {
                Find(
                    FindingSeverity.Error,
                    "entries-missing",
                    $"{replica.Group} on {facts.Name}",
                    $"the replica of {replica.Group} on {facts.Name} lacks entries up to {missing} that it once acknowledged: its disk lost them",
                    $"do not trust this disk: 'lab cluster down {facts.Name}', and start the node again on an empty data directory");
            }
        }

        foreach (var (address, reason) in facts.Refusals.OrderBy(refusal => refusal.Key, StringComparer.Ordinal))
        {
            Find(FindingSeverity.Warning, "link-refused", address, $"no link between {facts.Name} and {address}: {reason}", "make the two agree, or stop the one that does not belong here");
        }

        foreach (var (node, ahead) in facts.ClockSkew.OrderBy(skew => skew.Key))
        {
            if (ahead.Duration() > ClockTolerance && facts.IsReachable(node) && View.FindMember(node) is not null)
            {
                Find(
                    FindingSeverity.Warning,
                    "clock-skew",
                    Name(node),
                    string.Create(CultureInfo.InvariantCulture, $"the clock of {Name(node)} is {ahead.Duration().TotalSeconds:0.0} s {(ahead > TimeSpan.Zero ? "ahead of" : "behind")} that of {facts.Name}: keys expire early or late when leaders change"),
                    "set both clocks by one time server (NTP); no promise but expiry rests on them");
            }
        }
    }

    private void LookAtControlPlane()
    {
        var leader = facts.LeaderOf(ShardId.Control);
        if (leader.IsNone || !facts.IsReachable(leader))
        {
            var voters = facts.Replicas.FirstOrDefault(replica => replica.Group.IsControl)?.Configuration.Voters ?? [];
            Find(
                FindingSeverity.Error,
                "control-plane-without-leader",
                "control plane",
                $"{facts.Name} knows no leader of the control plane: {WhyNoLeader(voters)}; no member can join or leave, and no shard can move",
                WhatToDoFor(voters));
        }

        if (facts.Replicas.FirstOrDefault(replica => replica.Group.IsControl) is { } group
            && Math.Min(View.Members.Count(member => member.IsUp), VotersForOneLoss) is var wanted && group.Configuration.Voters.Length < wanted)
        {
            Find(
                FindingSeverity.Note,
                "control-plane-forming",
                "control plane",
                string.Create(CultureInfo.InvariantCulture, $"the control plane votes on {group.Configuration.Voters.Length} of {wanted} members: it would not survive the loss of one"),
                "nothing: votes are given one at a time to members that have caught up");
        }

        if (!View.HasShardTable)
        {
            Find(
                FindingSeverity.Error,
                "no-shard-table",
                "control plane",
                string.Create(CultureInfo.InvariantCulture, $"there is no shard table yet: {View.Members.Count(member => member.IsUp)} of {facts.Seeds.Count} seeds are up"),
                "start the other seeds; after a while the table is made without them");
        }

        if (!facts.Seeds.Any(seed => View.FindMember(seed) is not null))
        {
            Find(
                FindingSeverity.Note,
                "seeds-gone",
                facts.Name,
                $"none of the seeds that {facts.Name} was started with is a member any more; it needs them no more itself",
                $"start newcomers with --seeds {string.Join(",", View.Members.Where(member => member.IsUp).Take(3).Select(member => member.Address.ToString()))}");
        }
    }

    /// <summary>Heartbeats are read within milliseconds, so more than that is the clock; less than that hurts nobody.</summary>
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromSeconds(2);

    /// <summary>Three voters survive the loss of any one of them.</summary>
    private const int VotersForOneLoss = 3;

    private void Find(FindingSeverity severity, string code, string subject, string problem, string advice) => findings.Add(new FindingView(severity, code, subject, problem, advice));

    private string Name(NodeId node) => View.NameOf(node);

    private string Names(IEnumerable<NodeId> nodes) => List([.. nodes.Select(Name)]);

    private static string List(IReadOnlyList<string> names) => names.Count > NamesInASentence
        ? string.Create(CultureInfo.InvariantCulture, $"{string.Join(", ", names.Take(NamesInASentence))} and {names.Count - NamesInASentence} more")
        : string.Join(", ", names);
}
