using Cluster.Lab.Histories;
using Cluster.Lab.Messages;
using Cluster.Lab.Reports;
using Cluster.Lab.Schedules;

namespace Cluster.Lab.Scenarios.Outputs;

/// <summary>
/// The files of one run: <c>verdict.json</c>, <c>history.jsonl</c>, <c>faults.json</c> (the schedule, to be run again), <c>messages.jsonl</c> and <c>report.html</c>.
/// </summary>
public sealed class RunFolder
{
    private readonly string path;

    /// <exception cref="LabException">The folder cannot be made or written to.</exception>
    public RunFolder(string path)
    {
        this.path = Path.GetFullPath(path);
        try
        {
            Directory.CreateDirectory(this.path);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new LabException($"{this.path} cannot be made: {refused.Message}; name another folder with --out", refused);
        }
    }

    public string HistoryPath => Path.Combine(path, "history.jsonl");

    public string ReportPath => Path.Combine(path, "report.html");

    private string FaultsPath => FaultsIn(path);

    /// <summary>Where the schedule stands in such a folder.</summary>
    public static string FaultsIn(string folder) => Path.Combine(folder, "faults.json");

    /// <summary>Writes a history that was kept in memory.</summary>
    public void Write(History history)
    {
        using var writer = HistoryWriter.Create(HistoryPath);
        foreach (var operation in history.Operations)
        {
            writer.Write(operation);
        }

        foreach (var fault in history.Faults)
        {
            writer.Write(fault);
        }
    }

    /// <summary>Writes everything but the history.</summary>
    public void Write(RunOutcome outcome)
    {
        ScheduleFile.Write(FaultsPath, outcome.Plan.Schedule);
        MessagesFile.Write(Path.Combine(path, "messages.jsonl"), outcome.Messages);
        VerdictFile.Write(Path.Combine(path, "verdict.json"), outcome);
        ReportWriter.Write(ReportPath, Report(outcome));
    }

    private RunReport Report(RunOutcome outcome)
    {
        var scenario = outcome.Plan.Scenario;
        return new RunReport(scenario.Title, outcome.Verdict.Verdict, outcome.History, outcome.Verdict.Results)
        {
            Question = scenario.Question,
            Doubt = outcome.Verdict.Doubt,
            NotPromised = scenario.NotPromised,
            Facts = [.. Facts(outcome)],
            Happenings = outcome.Finding.Happenings,
            Messages = outcome.Messages,
            MessagesMissed = outcome.MessagesMissed,
        };
    }

    private IEnumerable<KeyValuePair<string, string>> Facts(RunOutcome outcome)
    {
        var plan = outcome.Plan;
        yield return new("cluster", $"{plan.Scenario.Nodes} nodes, {outcome.Engine switch { "sim" => "simulated in one thread under virtual time", "compose" => "containers", "remote" => "on machines elsewhere", _ => "processes" }}");
        yield return new("workloads", string.Join(", ", plan.Scenario.Workloads.Select(workload => $"{workload.Name} by {workload.Clients}")));
        if (plan.Bug is { } bug)
        {
            yield return new("broken on purpose", $"{bug}: {outcome.Plan.Scenario.Bugs.First(known => known.Name == bug).Breaks}");
        }

        yield return new("history", HistoryPath);
        yield return new("schedule", FaultsPath);
        if (outcome.Trace is { } trace)
        {
            yield return new("trace", trace.ToString("x16", System.Globalization.CultureInfo.InvariantCulture));
        }

        yield return new("again", outcome.Again);
    }
}
