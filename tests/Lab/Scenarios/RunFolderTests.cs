using System.Text.Json;
using Cluster.Lab.Checkers;
using Cluster.Lab.Histories;
using Cluster.Lab.Scenarios;
using Cluster.Lab.Scenarios.Outputs;
using Cluster.Lab.Schedules;
using Cluster.Lab.Workloads;
using Cluster.Shared.Scenarios;

namespace Cluster.Lab.Tests.Scenarios;

/// <summary>What a run leaves: files that people open, scripts read, and the lab itself reads again.</summary>
public sealed class RunFolderTests : IDisposable
{
    private readonly string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());

    [Fact]
    public void Every_file_is_there_and_can_be_read_again()
    {
        var outcome = Played(Verdict.Violated, bug: "stale-read");
        var folder = new RunFolder(path);
        folder.Write(outcome.History);
        folder.Write(outcome);

        Assert.Equal(["faults.json", "history.jsonl", "messages.jsonl", "report.html", "verdict.json"], Directory.GetFiles(path).Select(file => Path.GetFileName(file)).Order());
        Assert.Equal(outcome.Plan.Schedule.Faults, ScheduleFile.Read(RunFolder.FaultsIn(path), ["n1", "n2", "n3"]).Faults);
        var history = HistoryReader.Read(folder.HistoryPath);
        Assert.Equal(outcome.History.Operations.Select(operation => operation.ToString()), history.Operations.Select(operation => operation.ToString()));
        Assert.Equal(outcome.History.Faults, history.Faults);
        Assert.Contains("Shared nothing, broken: stale-read", File.ReadAllText(folder.ReportPath), StringComparison.Ordinal);
    }

    [Fact]
    public void The_verdict_has_the_fields_that_scripts_read()
    {
        var verdict = Write(Played(Verdict.Violated, bug: "stale-read"));

        Assert.Equal(
            ["slug", "engine", "bug", "seed", "seconds", "nodes", "verdict", "doubt", "checkers", "faults", "missed", "operations", "trace", "again"],
            verdict.EnumerateObject().Select(field => field.Name));
        Assert.Equal("shared-nothing", verdict.GetProperty("slug").GetString());
        Assert.Equal("sim", verdict.GetProperty("engine").GetString());
        Assert.Equal("stale-read", verdict.GetProperty("bug").GetString());
        Assert.Equal(42, verdict.GetProperty("seed").GetInt32());
        Assert.Equal(7.5, verdict.GetProperty("seconds").GetDouble());
        Assert.Equal(3, verdict.GetProperty("nodes").GetInt32());
        Assert.Equal("violated", verdict.GetProperty("verdict").GetString());
        Assert.Equal("why \"not\"", verdict.GetProperty("doubt").GetString());
        Assert.Equal("""[{"checker":"kv: linearizability","verdict":"violated","summary":"it is not","details":["here"]}]""", Compact(verdict.GetProperty("checkers")));
        Assert.Equal("""{"kill":2}""", Compact(verdict.GetProperty("faults")));
        Assert.Equal("""["pause at 2s: it was down"]""", Compact(verdict.GetProperty("missed")));
        Assert.Equal("""{"answered":10,"refused":2,"unknown":1}""", Compact(verdict.GetProperty("operations")));
        Assert.Equal("00000000000000ff", verdict.GetProperty("trace").GetString());
        Assert.Equal("lab run shared-nothing --seed 42", verdict.GetProperty("again").GetString());
    }

    [Fact]
    public void What_there_is_not_is_null_and_not_left_out()
    {
        var outcome = Played(Verdict.Holds, bug: null);
        var verdict = Write(outcome with { Trace = null, Verdict = outcome.Verdict with { Doubt = null } });

        Assert.All(["bug", "doubt", "trace"], name => Assert.Equal(JsonValueKind.Null, verdict.GetProperty(name).ValueKind));
        Assert.Equal("holds", verdict.GetProperty("verdict").GetString());
    }

    [Fact]
    public void A_folder_that_cannot_be_made_is_told_with_what_to_do()
    {
        File.WriteAllText(path, "a file stands in the way");
        try
        {
            Assert.EndsWith("name another folder with --out", Assert.Throws<LabException>(() => new RunFolder(Path.Combine(path, "run"))).Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void The_guarantee_card_names_each_checker_the_faults_and_what_is_not_promised()
    {
        var lines = GuaranteeCard.Lines(Played(Verdict.Violated, bug: "stale-read")).ToList();

        Assert.Contains(lines, line => line.StartsWith("faults ", StringComparison.Ordinal) && line.EndsWith("kill 2", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("kv: linearizability ", StringComparison.Ordinal) && line.EndsWith("violated: it is not", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.EndsWith("   here", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("not promised ", StringComparison.Ordinal) && line.EndsWith("the moon", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("doubt ", StringComparison.Ordinal));
    }

    public void Dispose()
    {
        if (Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }
    }

    private static string Compact(JsonElement element) => JsonSerializer.Serialize(element);

    private static RunOutcome Played(Verdict verdict, string? bug)
    {
        var scenario = new Scenario("shared-nothing", "Shared nothing", "Is it?")
        {
            Workloads = [new("kv", 2)],
            NotPromised = ["the moon"],
            Faults = new FaultMix([new(FaultType.Kill, "one"), new(FaultType.Pause, "leader")]),
            Bugs = [new("stale-read", "reads are old", ["stale-read"])],
        };
        var tally = new FaultTally();
        var pause = new PlannedFault(FaultType.Pause, "one", TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(1));
        tally.Count(pause with { Kind = FaultType.Kill });
        tally.Count(pause with { Kind = FaultType.Kill });
        tally.Miss(pause, "it was down");
        var finding = new ScenarioFinding(ScenarioPlan.Generate(scenario, bug, 42, TimeSpan.FromSeconds(7.5)), tally, new WorkloadProgress(10, 2, 1), new ScenarioRecovery(TimeSpan.FromSeconds(1), null), null);
        var history = new History(
            [new Operation(0, "write", "kv0:k1", ["1"], 1, 2, Outcome.Ok, null, "n1"), new Operation(1, "read", "kv0:k1", [], 3, 4, Outcome.Ok, "1", "n2")],
            [new FaultEvent("kill", "n1", 5), new FaultEvent("restart", "n1", 6, "kill")]);
        var judged = new ScenarioVerdict(verdict, "why \"not\"", [new CheckResult("kv: linearizability", verdict, "it is not", ["here"])]);
        return new RunOutcome(finding, judged, history, "sim", "lab run shared-nothing --seed 42") { Trace = 255 };
    }

    private JsonElement Write(RunOutcome outcome)
    {
        Directory.CreateDirectory(path);
        var file = Path.Combine(path, "verdict.json");
        VerdictFile.Write(file, outcome);
        return JsonDocument.Parse(File.ReadAllText(file)).RootElement;
    }
}
