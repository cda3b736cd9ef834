using Cluster.Engine.Simulation;
using Cluster.Engine.Storage;
using Cluster.Engine.Storage.Faults;
using Cluster.Shared.Http;

namespace Cluster.Engine.Tests.Storage;

/// <summary>The log on a disk that forgets at a kill: what a flush called durable is there, and a log that does not flush is found out.</summary>
public sealed class WriteAheadLogKillTests
{
    /// <summary>All of a run in one segment: a log without a flush that begins another is found damaged at the next start, which is a loss as well, but another test.</summary>
    private static readonly WalOptions Large = LogScript.Options with { SegmentBytes = 1 << 22 };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_kill_at_any_operation_loses_nothing_that_was_called_durable(bool torn)
    {
        var tails = 0;
        for (var seed = 0; seed < 200; seed++)
        {
            var (script, opening) = RunAndKill(seed, torn, LogScript.Options);
            var text = LogTwin.TextOf(opening.Groups);
            Assert.True(text == script.Durable || text == script.Attempted, $"seed {seed}: recovered\n{text}durable was\n{script.Durable}");
            tails += opening.Recovery.TornTail is null ? 0 : 1;
        }

        Assert.Equal(torn, tails > 0);
    }

    [Fact]
    public void A_log_that_does_not_flush_loses_what_it_called_durable()
    {
        var lost = 0;
        for (var seed = 0; seed < 50; seed++)
        {
            var (script, opening) = RunAndKill(seed, torn: false, Large with { WithoutFlush = true });
            var text = LogTwin.TextOf(opening.Groups);
            lost += text == script.Durable || text == script.Attempted ? 0 : 1;
        }

        Assert.True(lost > 40, $"only {lost} of 50 runs lost anything");
    }

    /// <summary>Runs a log until the disk beneath stops at an operation of the seed's choice, and opens what is left there.</summary>
    private static (LogScript Script, WalOpening Opening) RunAndKill(int seed, bool torn, WalOptions options)
    {
        var beneath = new MemoryDisk();
        var disk = new FaultyDisk(beneath, new VirtualTime(), new Random(seed));
        disk.Set(new DiskFaultView(LoseUnsynced: true, Torn: torn));
        var script = new LogScript(seed);
        var log = WriteAheadLog.Open(disk, options, LogScript.Node).Log;
        beneath.Faults.StopAfterOperations = new Random(seed).Next(options.WithoutFlush ? 20 : 1, 120);
        try
        {
            script.Run(log, 200);
        }
        catch (MemoryDiskStoppedException)
        {
            beneath.Kill();
        }

        return (script, WriteAheadLog.Open(beneath, options, LogScript.Node));
    }
}
