using System.Globalization;
using Cluster.Lab;
using Cluster.Lab.Http;
using Cluster.Lab.Scenarios;
using Cluster.Lab.Schedules;
using Cluster.Lab.Targets;
using Cluster.Shared.Http;
using Cluster.Shared.Scenarios;

namespace Cluster.Client.Labs;

/// <summary>
/// A cluster that somebody else started, before a lab is played on it: whether it is fit for that, and what becomes of the plan there. What would make the verdict
/// worthless (a node that is not ready, a flaw that is not planted) is refused in words, with the command that mends it.
/// </summary>
internal sealed class StandingCluster(ClusterTarget cluster, string engine)
{
    /// <summary>How the engine's diagnosis marks a bug that was planted in a node.</summary>
    private const string FlawFinding = "planted-flaw";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>Whether its disks hold back what is not flushed, so that a kill loses it; known once a plan was fitted.</summary>
    public bool LosesUnflushed { get; private set; }

    /// <summary>The plan as it can be played here: on these nodes, with keys of its own, without the faults that they cannot be given.</summary>
    /// <exception cref="LabException">A lab cannot be played here; the message says what it takes.</exception>
    public async Task<ScenarioPlan> FitAsync(ScenarioPlan plan, CancellationToken cancellation)
    {
        if (plan.Scenario.Clusters != cluster.Clusters.Count && plan.Scenario.Clusters > 1)
        {
            throw new LabException($"this lab is about {plan.Scenario.Clusters} clusters side by side, and {cluster.Name} is one: leave --target out, and it starts them itself");
        }

        if (await new ClusterStage(cluster, engine, losesUnflushed: false, TimeProvider.System).NotReadyBecauseAsync(cancellation).ConfigureAwait(false) is { } because)
        {
            throw new LabException($"{because}; a lab begins when every node serves");
        }

        LosesUnflushed = true;
        foreach (var name in cluster.NodeNames)
        {
            LosesUnflushed &= (await DiskOfAsync(name, cancellation).ConfigureAwait(false)).LoseUnsynced;
        }

        if (plan.Bug is { } bug)
        {
            await RefuseWithoutFlawAsync(plan.Scenario, ScenarioPlan.Find(plan.Scenario, bug), cancellation).ConfigureAwait(false);
        }

        var fitted = plan with
        {
            Scenario = plan.Scenario with { Nodes = cluster.NodeNames.Count },
            KeyPrefix = string.Create(CultureInfo.InvariantCulture, $"run-{plan.Seed:x}-{TimeProvider.System.GetTimestamp():x}:"),
        };
        var possible = new ClusterFaults(cluster, LosesUnflushed);
        return fitted.Without(possible.Unsupported, possible.WhyNoDatabase);
    }

    private async Task<DiskFaultView> DiskOfAsync(string name, CancellationToken cancellation)
    {
        using var api = cluster.Api(name, Patience);
        try
        {
            return await api.GetDiskAsync(cancellation).ConfigureAwait(false);
        }
        catch (NodeRefusedException no)
        {
            throw new LabException($"{name} cannot be given faults ({no.Message}): start its nodes with --lab and an admin token (containers: LAB=1 and CLUSTER_ADMIN_TOKEN)", no);
        }
    }

    /// <summary>A bug shows on a cluster of the right size, every node of which has it.</summary>
    private async Task RefuseWithoutFlawAsync(Scenario played, BrokenVariant bug, CancellationToken cancellation)
    {
        var flawed = true;
        var shards = 0;
        foreach (var name in cluster.NodeNames)
        {
            using var api = cluster.Api(name, Patience);
            var diagnosis = await api.DiagnoseAsync(cancellation).ConfigureAwait(false);
            var planted = diagnosis.Findings.Where(finding => finding.Code == FlawFinding).Select(finding => finding.Subject).ToList();
            flawed &= bug.Flaws.All(flaw => planted.Contains($"{flaw} on {name}"));
            shards = Math.Max(shards, (await api.GetClusterAsync(cancellation).ConfigureAwait(false)).Shards.Count(shard => shard.Shard > 0));
        }

        if (!flawed || (bug.Nodes is { } nodes && nodes != cluster.NodeNames.Count) || (bug.Shards is { } wanted && wanted != shards))
        {
            throw new LabException(string.Create(
                CultureInfo.InvariantCulture,
                $"the broken variant '{bug.Name}' shows on {played.Nodes} nodes{(bug.Shards is { } few ? $" with {few} shard{(few == 1 ? "" : "s")}" : "")} that were started with its flaw, and this cluster has {cluster.NodeNames.Count} nodes with {shards} shards{(flawed ? "" : ", not all of them flawed")}: form it anew with CLUSTER_FLAW={string.Join(',', bug.Flaws)}{(bug.Shards is { } number ? $" CLUSTER_SHARDS={number}" : "")} CLUSTER_DISK_FAULTS=lose-unsynced LAB=1, or leave --target out"));
        }
    }
}
