using Cluster.Lab.Faults;
using Cluster.Lab.Http;
using Cluster.Lab.Targets;
using Cluster.Shared.Http;

namespace Cluster.Client.Doctor;

/// <summary>
/// Asks every node what it finds wrong, and puts their answers together with what the console sees of processes and link faults. A node that is dead, paused or
/// cut off is a finding itself; those that answer say what follows from it.
/// </summary>
internal sealed class Examination(ClusterTarget cluster)
{
    private const string Console = "console";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public async Task<DoctorReport> RunAsync(CancellationToken cancellation)
    {
        var faults = new LinkFaultInjector(cluster, Patience).GetAsync(cancellation);
        var disks = new NodeFaultInjector(cluster, Patience).GetDisksAsync(cancellation);
        var clocks = new NodeFaultInjector(cluster, Patience).GetClocksAsync(cancellation);
        var answers = await Task.WhenAll(cluster.NodeNames.Select(node => AskAsync(node, cancellation))).ConfigureAwait(false);
        var findings = answers.SelectMany(answer => answer.Findings).ToList();
        var faulty = (await faults.ConfigureAwait(false)).SelectMany(node => node.Value.Select(fault => $"{node.Key} -> {fault.To}")).ToList();
        if (faulty.Count > 0)
        {
            findings.Add((Console, new FindingView(FindingSeverity.Warning, "link-faults", "links", $"faults are set on {faulty.Count} links: {string.Join(", ", faulty.Take(6))}{(faulty.Count > 6 ? " ..." : "")}", "'lab heal' takes them off")));
        }

        findings.AddRange((await disks.ConfigureAwait(false)).Where(disk => disk.Value != DiskFaultView.None)
            .Select(disk => (Console, new FindingView(FindingSeverity.Warning, "disk-faults", $"disk of {disk.Key}", $"faults are set on the disk of {disk.Key}", $"'lab disk {disk.Key}' shows them, 'lab heal' takes them off"))));
        findings.AddRange((await clocks.ConfigureAwait(false)).Where(clock => clock.Value != ClockFaultView.None)
            .Select(clock => (Console, new FindingView(FindingSeverity.Warning, "clock-fault", $"clock of {clock.Key}", $"the clock of {clock.Key} is set wrong", $"'lab clock {clock.Key}' shows how, 'lab heal' sets it right"))));

        var merged = findings
            .GroupBy(found => (found.Finding.Code, found.Finding.Subject))
            .Select(same => Merge([.. same]))
            .OrderByDescending(finding => finding.Severity).ThenBy(finding => finding.Subject, StringComparer.Ordinal)
            .ToList();
        return new DoctorReport(merged.TrueForAll(finding => finding.Severity == FindingSeverity.Note), [.. answers.Where(answer => answer.Answered).Select(answer => answer.Node)], merged);
    }

    /// <summary>The worst word counts, and who else says so is named.</summary>
    private static DoctorFinding Merge(IReadOnlyList<(string Node, FindingView Finding)> same)
    {
        var worst = same.MaxBy(found => found.Finding.Severity).Finding;
        return new DoctorFinding(worst.Severity, worst.Code, worst.Subject, worst.Problem, worst.Advice, [.. same.Select(found => found.Node).Distinct()]);
    }

    private async Task<(string Node, bool Answered, IReadOnlyList<(string Node, FindingView Finding)> Findings)> AskAsync(string node, CancellationToken cancellation)
    {
        var state = await cluster.StateAsync(node, cancellation).ConfigureAwait(false);
        if (state == ProcessState.Dead)
        {
            return (node, false, cluster.HasData(node)
                ? [Seen("process-dead", node, $"it does not run: {cluster.Describe(node)} has ended", $"'lab restart {node}' starts it again on its data; 'lab cluster down {node}' if it is gone for good")]
                : []); // It has left in order.
        }

        if (state == ProcessState.Paused)
        {
            return (node, false, [Seen("process-paused", node, $"{cluster.Describe(node)} is paused: it holds its connections and answers nothing", $"'lab resume {node}' lets it go on")]);
        }

        using var api = cluster.Api(node, Patience);
        try
        {
            var diagnosis = await api.DiagnoseAsync(cancellation).ConfigureAwait(false);
            return (node, true, [.. diagnosis.Findings.Select(finding => (node, finding))]);
        }
        catch (Exception e) when ((NodeApi.IsNoAnswer(e) || e is NodeRefusedException) && !cancellation.IsCancellationRequested)
        {
            return (node, false, [Seen("no-answer", node, $"{cluster.Describe(node)} runs, but its HTTP door does not answer: {e.Message}", "wait, if it has just been started; else its log says more")]);
        }
    }

    private static (string Node, FindingView Finding) Seen(string code, string node, string problem, string advice) =>
        (Console, new FindingView(FindingSeverity.Error, code, node, problem, advice));
}
