using System.Diagnostics;
using System.Text.Json;
using Cluster.Shared.Scenarios;
using Cluster.Simulator.Runs;

namespace Cluster.Simulation.Tests.Scenarios;

/// <summary>A seed is the run: played again, beside another one, or in another process, everything in it happens the same way.</summary>
public class ReplayTests
{
    private static readonly SimulationOrder Order = new(["shared-nothing"], 5) { Seconds = 5 };

    [Fact]
    public void The_same_seed_gives_the_same_trace_twice_and_another_seed_another()
    {
        var (one, again, other) = (Seeds.Play(Order), Seeds.Play(Order), Seeds.Play(Order with { FirstSeed = 7 }));

        Assert.Equal(one.Trace.Hash, again.Trace.Hash);
        Assert.Equal(one.History.Operations.Select(operation => operation.ToString()), again.History.Operations.Select(operation => operation.ToString()));
        Assert.Equal(one.History.Faults, again.History.Faults);
        Assert.NotEqual(one.Trace.Hash, other.Trace.Hash);
        Assert.True(one.History.Operations.Count > 100 && one.History.Faults.Count > 2, "nothing happened that could have differed");
    }

    [Fact]
    public void Two_threads_at_once_do_not_disturb_each_other()
    {
        var runs = new[] { 6, 8, 6, 8 }.Select(seed => Seeds.OnThread(() => Seeds.Start(Order with { FirstSeed = seed, Seconds = 3 }))).ToList();

        var hashes = runs.ConvertAll(run => run().Trace.Hash);
        Assert.Equal((hashes[0], hashes[1]), (hashes[2], hashes[3]));
        Assert.NotEqual(hashes[0], hashes[1]);
    }

    [Fact]
    public void Recording_messages_changes_nothing()
    {
        var order = Order with { Seconds = 2 };
        var recorded = Seeds.OnThread(() => SeedRun.Play(Seeds.Plan(order), [], records: true))();

        Assert.NotEmpty(recorded.Messages);
        Assert.Equal(Seeds.Play(order).Trace.Hash, recorded.Trace.Hash);
    }

    [Fact]
    public async Task Another_process_says_the_same_hash_and_leaves_the_files_of_the_run()
    {
        var folder = Directory.CreateTempSubdirectory("lab-sim-");
        try
        {
            var order = Order with { Seconds = 2, Out = folder.FullName };
            var said = await StartAsync(order);

            var expected = Seeds.Play(order).Trace.Hash.ToString("x16", System.Globalization.CultureInfo.InvariantCulture);
            Assert.Contains($" {expected}: ", said, StringComparison.Ordinal);
            Assert.Equal(["faults.json", "history.jsonl", "messages.jsonl", "report.html", "verdict.json"], folder.GetFiles().Select(file => file.Name).Order());
            using var verdict = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(folder.FullName, "verdict.json"), TestContext.Current.CancellationToken));
            Assert.Equal(expected, verdict.RootElement.GetProperty("trace").GetString());
            Assert.Equal("lab run shared-nothing --engine sim --seed 5 --seconds 2", verdict.RootElement.GetProperty("again").GetString());
            Assert.EndsWith($"{verdict.RootElement.GetProperty("verdict").GetString()}", said.TrimEnd(), StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<string> StartAsync(SimulationOrder order)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", ["exec", typeof(SeedRun).Assembly.Location, JsonSerializer.Serialize(order, ScenarioJson.Default.SimulationOrder)]) { RedirectStandardOutput = true })!;
        var said = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return said;
    }
}
