using System.Text.Json;
using Cluster.Cluster.Tests.Harness;

namespace Cluster.Cluster.Tests.Labs;

/// <summary><c>lab run</c> as a person types it: a cluster of its own on real processes, a verdict as last line and exit code, every file, and no process left behind.</summary>
public sealed class RunTests : IDisposable
{
    private readonly string directory = TestCluster.NewDirectory();

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public async Task The_mode_as_it_is_meant_holds_on_processes_and_leaves_every_file()
    {
        var schedule = Schedule("""{"kind":"kill","target":"leader","start":"1s","length":"1s"},{"kind":"cut","target":"one","start":"2.5s","length":"1s"},{"kind":"pause","target":"one","start":"4s","length":"1s"}""");

        var run = (await LabAsync("run", "shared-nothing", "--seconds", "6", "--seed", "1", "--faults", schedule, "--out", directory)).Expect(0);

        Assert.Equal("holds", run.Output.TrimEnd().Split('\n')[^1]);
        Assert.Contains("kill 1, pause 1, cut 1", run.Output, StringComparison.Ordinal);
        Assert.All(["verdict.json", "history.jsonl", "faults.json", "messages.jsonl", "report.html"], file => Assert.True(new FileInfo(Path.Combine(directory, file)).Length > 0, $"{file} is empty"));
        Assert.False(Directory.Exists(Path.Combine(directory, "nodes")), "the nodes' data was left behind");
        using var verdict = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(directory, "verdict.json"), TestContext.Current.CancellationToken));
        Assert.Equal(("process", "holds"), (verdict.RootElement.GetProperty("engine").GetString(), verdict.RootElement.GetProperty("verdict").GetString()));
        Assert.Empty(verdict.RootElement.GetProperty("missed").EnumerateArray());

        // What was recorded can be judged again, by itself.
        (await LabAsync("check", Path.Combine(directory, "history.jsonl"), "--model", "acknowledged")).Expect(0);
    }

    [Fact]
    public async Task A_broken_variant_is_violated_on_processes()
    {
        var schedule = Schedule("""{"kind":"power-loss","target":"all","start":"2s","length":"500ms"}""");

        var run = (await LabAsync("run", "shared-nothing", "--seconds", "4", "--bug", "no-fsync", "--faults", schedule, "--out", directory)).Expect(1);

        Assert.Equal("violated", run.Output.TrimEnd().Split('\n')[^1]);
        Assert.Contains("--bug no-fsync", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_lab_runs_in_the_simulator()
    {
        var run = (await LabAsync("run", "shared-nothing", "--engine", "sim", "--seed", "2", "--seconds", "3", "--out", directory)).Expect(0);

        Assert.Equal("holds", run.Output.TrimEnd().Split('\n')[^1]);
        Assert.True(File.Exists(Path.Combine(directory, "verdict.json")));
        Assert.Contains("again: lab run shared-nothing --engine sim --seed 1 --seconds 3 --bug no-fsync", (await LabAsync("sim", "--mode", "shared-nothing", "--bug", "no-fsync", "--seeds", "2", "--seconds", "3")).Expect(1).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(64, "has no broken variant 'nope'; it has ", "shared-nothing", "--bug", "nope")]
    [InlineData(64, "there is no mode 'shared-everything-else'", "shared-everything-else")]
    [InlineData(64, "there is no file", "shared-nothing", "--faults", "/nowhere/faults.json")]
    [InlineData(64, "--minimise", "shared-nothing", "--minimise")]
    [InlineData(64, "--seconds", "shared-nothing", "--seconds", "0")]
    [InlineData(64, "a range of seeds", "shared-nothing", "--seed", "1..3")]
    [InlineData(64, "'3..1' is neither a seed nor a range", "shared-nothing", "--engine", "sim", "--seed", "3..1")]
    public async Task What_there_is_not_is_refused_before_anything_is_started(int code, string why, params string[] arguments)
    {
        var run = (await LabAsync(["run", .. arguments, "--out", Path.Combine(directory, "out")])).Expect(code);

        Assert.Contains(why, run.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(directory, "out")));
    }

    [Theory]
    [InlineData("process")]
    [InlineData("sim")]
    public async Task A_schedule_of_another_cluster_is_bad_data_and_said_with_its_line(string engine)
    {
        var schedule = Schedule("\n" + """{"kind":"kill","target":"n9","start":"1s","length":"1s"}""");

        var run = (await LabAsync("run", "shared-nothing", "--engine", engine, "--faults", schedule, "--out", Path.Combine(directory, "out"))).Expect(65);

        Assert.StartsWith($"lab: {schedule}, line 2: there is no node 'n9'; a target is one of ", run.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(directory, "out")));
    }

    private string Schedule(string faults)
    {
        var path = Path.Combine(directory, "planned.json");
        File.WriteAllText(path, $"{{\"faults\":[{faults}]}}");
        return path;
    }

    private Task<ConsoleProcess> LabAsync(params string[] arguments) => ConsoleProcess.LabAsync(directory, arguments);
}
