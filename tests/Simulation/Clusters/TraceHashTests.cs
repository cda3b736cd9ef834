using System.Diagnostics;
using System.Globalization;
using Cluster.Engine.Simulation;

namespace Cluster.Simulation.Tests.Clusters;

/// <summary>A run is known by its hash: the same seed and the same calls give the same one, in this process, in another, today and tomorrow.</summary>
public class TraceHashTests
{
    private const string ReportTo = "CLUSTER_TRACE_REPORT";

    [Fact]
    public void The_same_seed_gives_the_same_hash_and_another_seed_another()
    {
        Assert.Equal(HashOf(7), HashOf(7));
        Assert.NotEqual(HashOf(7), HashOf(8));
    }

    /// <summary>Strings and objects hash differently in each process: whatever went by such an order shows here.</summary>
    [Fact]
    public async Task Two_processes_agree_on_the_hash_of_a_run()
    {
        if (Environment.GetEnvironmentVariable(ReportTo) is { } report)
        {
            await File.WriteAllTextAsync(report, HashOf(11), TestContext.Current.CancellationToken); // This is the other process.
            return;
        }

        var file = Path.GetTempFileName();
        try
        {
            var start = new ProcessStartInfo("dotnet", ["exec", typeof(TraceHashTests).Assembly.Location, "-method", $"*{nameof(Two_processes_agree_on_the_hash_of_a_run)}"])
            {
                RedirectStandardOutput = true,
                Environment = { [ReportTo] = file },
            };
            using var other = Process.Start(start)!;
            var said = await other.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            await other.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.True(other.ExitCode == 0, said);
            Assert.Equal(HashOf(11), await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void One_frame_more_or_one_restart_more_is_another_hash()
    {
        var (one, other) = (new SimulatedCluster(1, 3), new SimulatedCluster(1, 3));
        one.StartAll();
        other.StartAll();
        one.Run(TimeSpan.FromSeconds(1));
        other.Run(TimeSpan.FromSeconds(1));
        Assert.Equal(one.TraceHash, other.TraceHash);
        Assert.True(one.Trace is { Messages: > 100, MessageBytes: > 1000, Flushes: > 3 }, "nothing happened");
        one.Nodes[2].Pause();
        Assert.NotEqual(one.TraceHash, other.TraceHash);
    }

    private static string HashOf(int seed)
    {
        var cluster = new SimulatedCluster(seed, 3, options => options with { Shards = 2 });
        var (faults, clients) = (new ChaosFaults(cluster), new RecordingClients(cluster, count: 4));
        cluster.StartAll();
        while (cluster.Now < TimeSpan.FromSeconds(8))
        {
            faults.Turn();
            clients.Turn();
            cluster.Run(TimeSpan.FromMilliseconds(5));
        }

        Assert.True(clients.Acknowledged > 50, $"only {clients.Acknowledged} operations were answered: the run shows nothing");
        return string.Create(CultureInfo.InvariantCulture, $"{cluster.TraceHash:x16} {cluster.Trace.Messages} {cluster.Trace.Flushes} {clients.Acknowledged} {string.Join(", ", cluster.Trace.Faults)}");
    }
}
