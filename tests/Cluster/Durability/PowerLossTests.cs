using Cluster.Cluster.Tests.Harness;
using Cluster.Lab.Checkers;
using Cluster.Lab.Faults;
using Cluster.Lab.Targets;

namespace Cluster.Cluster.Tests.Durability;

/// <summary>SIGKILL on disks that lose, and tear, what was not flushed, as a power loss does: what was acknowledged is there, unless the flush is left out.</summary>
[Collection(OneClusterGroup.Name)]
public class PowerLossTests(OneCluster one)
{
    /// <summary>The nodes' first records, without which they could not start again, end before this in their logs.</summary>
    private const int FirstRecordsBytes = 32 * 1024;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly string[] All = ["n1", "n2", "n3"];

    [Fact]
    public async Task Power_lost_everywhere_under_load_loses_nothing_acknowledged()
    {
        await using var cluster = await TestCluster.StartAsync(arguments: ["--disk-faults", "lose-unsynced,torn"]);
        await using var load = new RecordedLoad(cluster);
        await load.ServeAsync(500);

        await LosePowerAsync(cluster, load);
        await cluster.WaitReadyAsync(All);
        await load.ServeAsync(300);

        await load.JudgeAsync();
        Assert.All((await cluster.Faults.GetDisksAsync(default)).Values, disk => Assert.True(disk is { LoseUnsynced: true, Torn: true }));
    }

    [Fact]
    public async Task Without_the_flush_the_same_loses_what_was_acknowledged()
    {
        await using var cluster = await TestCluster.StartAsync(arguments: ["--disk-faults", "lose-unsynced", "--flaw", "no-fsync"]);
        await using var load = new RecordedLoad(cluster);

        await Eventually.TrueAsync(Patience, "what the nodes wrote first is written back", () => Task.FromResult(All.All(node => IsWrittenBack(cluster.Nodes.Directory.DataOf(node)))));
        await load.ServeAsync(500);
        await LosePowerAsync(cluster, load);
        var served = load.Progress.Answered + 100;
        await Eventually.TrueAsync(Patience, "it serves again, or a node finds the loss itself", () => Task.FromResult(load.Progress.Answered >= served || FoundByNode(cluster)));

        var lost = await load.LostAsync();
        Assert.True(lost.Verdict == Verdict.Violated || FoundByNode(cluster), $"{lost.Verdict}: {lost.Summary}");
    }

    [Fact]
    public async Task A_node_whose_flush_fails_ends_itself_and_comes_back_without_a_loss()
    {
        await using var cluster = await one.WholeAsync();
        await using var load = new RecordedLoad(cluster);
        await load.ServeAsync(300);

        Assert.Empty(await cluster.Faults.ChangeDiskAsync(["n2"], new DiskChange(FailFlush: true), default));
        load.Note("fail-flush", "n2");
        Assert.True(await cluster.Nodes.WaitForAsync("n2", ProcessState.Dead, TimeSpan.FromSeconds(20), default));
        Assert.Contains(cluster.Nodes.Directory.LastLogLines("n2", 20), line => line.Contains("flush to disk failed", StringComparison.Ordinal));
        await load.ServeAsync(300);
        await cluster.RestartAsync("n2");
        await load.ServeAsync(300);

        await load.JudgeAsync();
    }

    private static async Task LosePowerAsync(TestCluster cluster, RecordedLoad load)
    {
        await cluster.KillAsync(All);
        load.Note("power-loss", string.Join(',', All));
        foreach (var node in All)
        {
            await cluster.Nodes.RestartAsync(node, TestContext.Current.CancellationToken);
        }

        load.Note("restart", string.Join(',', All));
    }

    private static bool IsWrittenBack(string data)
    {
        using var log = new FileStream(Directory.GetFiles(Path.Combine(data, "wal"), "*.wal").Max(StringComparer.Ordinal)!, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var start = new byte[2 * FirstRecordsBytes];
        return start.AsSpan(0, log.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)).TrimEnd((byte)0).Length >= FirstRecordsBytes;
    }

    /// <summary>One replica held back what the others had lost, and was told that it was never committed.</summary>
    private static bool FoundByNode(TestCluster cluster) =>
        All.Any(node => cluster.Nodes.Directory.LastLogLines(node, 30).Any(line => line.Contains("a committed entry stays", StringComparison.Ordinal)));
}
