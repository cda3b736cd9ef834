using Cluster.Engine.Simulation;
using Cluster.Engine.Storage;
using Cluster.Shared.Ids;

namespace Cluster.Engine.Tests.Storage;

/// <summary>Crashes everywhere: what was flushed is recovered, and what was not is there as a whole batch or not at all.</summary>
public sealed class WriteAheadLogCrashTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_crash_after_any_disk_operation_loses_nothing_flushed_and_shows_nothing_by_halves(int script)
    {
        const int Flushes = 80;
        var whole = new MemoryDisk();
        Play(whole, script, Flushes);
        Assert.False(whole.Exists("wal/0000000000000001.wal"), "the script must make segments and let some go, to be worth its name");

        var (kept, lost) = (0, 0);
        for (long operation = 0; operation < whole.Operations; operation++)
        {
            for (var seed = 0; seed < 3; seed++)
            {
                var disk = new MemoryDisk { Faults = { StopAfterOperations = operation } };
                var played = Play(disk, script, Flushes);
                disk.Crash(seed);

                var recovered = Recover(disk, out var first);
                var where = $"script {script}, operation {operation}, crash seed {seed}";
                Assert.True(recovered == played.Durable || recovered == played.Attempted, $"{where}: recovered\n{recovered}durable was\n{played.Durable}attempted was\n{played.Attempted}");
                kept += recovered == played.Attempted ? 1 : 0;
                lost += recovered != played.Attempted ? 1 : 0;

                // Whatever was decided stays so: the next start reads the same, and no torn tail a second time.
                disk.Crash(seed);
                Assert.Equal(recovered, Recover(disk, out var second));
                Assert.Null(second.TornTail);
                Assert.False(second.Created && !first.Created);
            }
        }

        Assert.True(kept > 0 && lost > 0, $"both fates must occur: {kept} kept, {lost} lost");
    }

    /// <summary>A process that is killed between a write and its flush leaves what the next one reads like any other batch, and answers for.</summary>
    [Fact]
    public void What_the_log_gives_back_at_its_opening_survives_a_loss_of_power_right_after()
    {
        const int Flushes = 12;
        var whole = new MemoryDisk();
        Play(whole, 1, Flushes);
        var unflushed = 0;
        for (long operation = 0; operation < whole.Operations; operation++)
        {
            var disk = new MemoryDisk { Faults = { StopAfterOperations = operation } };
            var played = Play(disk, 1, Flushes);
            disk.Kill();
            var given = LogTwin.TextOf(WriteAheadLog.Open(disk, LogScript.Options, LogScript.Node).Groups); // Not closed: a close flushes.
            unflushed += given != played.Durable ? 1 : 0;
            disk.Crash(seed: (int)operation);
            Assert.Equal(given, Recover(disk, out _));
        }

        Assert.True(unflushed > 0, "no kill came between a write and its flush");
    }

    /// <summary>
    /// After a failed flush the kernel takes the pages for clean: they read well, and no later flush writes them. A node that ends itself then, and is started again on
    /// the same machine, finds its last batch and answers by it.
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void What_the_log_gives_back_after_a_failed_flush_survives_a_loss_of_power_right_after(int flushes)
    {
        var found = 0;
        for (var seed = 1; seed <= 20; seed++)
        {
            var disk = new MemoryDisk();
            var script = new LogScript(seed);
            var log = WriteAheadLog.Open(disk, LogScript.Options, LogScript.Node).Log;
            script.Run(log, flushes);
            while (log.PendingBytes == 0)
            {
                script.Append(log); // Some of what it draws changes nothing.
            }

            disk.Faults.FailFlushes = true;
            Assert.Equal(WalFlushStatus.Closed, script.Flush(log).Status);
            disk.Kill();
            disk.Faults.FailFlushes = false;

            var given = LogTwin.TextOf(WriteAheadLog.Open(disk, LogScript.Options, LogScript.Node).Groups);
            found += given == script.Attempted ? 1 : 0;
            disk.Crash(seed);
            Assert.Equal(given, Recover(disk, out _));
        }

        Assert.True(found > 0, "no batch of a failed flush was found again");
    }

    [Fact]
    public void Many_lives_with_random_crashes_equal_the_twin()
    {
        for (var seed = 0; seed < 150; seed++)
        {
            var random = new Random(seed);
            var disk = new MemoryDisk();
            var script = new LogScript(seed);
            for (var life = 0; life < 6; life++)
            {
                using var opening = Open(disk);
                Assert.Equal(script.Durable, LogTwin.TextOf(opening.Groups));
                script.Run(opening.Log, random.Next(1, 12));

                // An orderly stop, a killed process, or a power loss; all when everything is flushed.
                switch (random.Next(3))
                {
                    case 0:
                        opening.Log.Dispose();
                        break;
                    case 1:
                        disk.Kill();
                        break;
                    default:
                        disk.Crash(random.Next());
                        break;
                }
            }

            using var last = Open(disk);
            Assert.Equal(script.Durable, LogTwin.TextOf(last.Groups));
            Assert.Null(last.Recovery.TornTail);
        }
    }

    [Fact]
    public void Records_that_were_never_flushed_are_gone_after_a_kill()
    {
        var disk = new MemoryDisk();
        using (var opening = Open(disk))
        {
            opening.Log.AppendGroupCreated(new ShardId(1), LogScript.Voters(1));
            opening.Log.Flush();
            opening.Log.AppendEntries(new ShardId(1), [LogScript.Entry(1, 1)]);
        }

        using var again = Open(disk);
        Assert.Empty(Assert.Single(again.Groups).Entries);
    }

    private static LogScript Play(MemoryDisk disk, int seed, int flushes)
    {
        var script = new LogScript(seed);
        try
        {
            using var opening = Open(disk);
            script.Run(opening.Log, flushes);
        }
        catch (MemoryDiskStoppedException)
        {
            // The crash that was asked for.
        }

        return script;
    }

    private static string Recover(MemoryDisk disk, out WalRecovery recovery)
    {
        using var opening = Open(disk);
        recovery = opening.Recovery;
        return LogTwin.TextOf(opening.Groups);
    }

    private static OpenedLog Open(MemoryDisk disk) => new(WriteAheadLog.Open(disk, LogScript.Options, LogScript.Node));

    /// <summary>Disposes the log when the test leaves, unless the machine beneath it has stopped.</summary>
    private sealed class OpenedLog(WalOpening opening) : IDisposable
    {
        public WriteAheadLog Log => opening.Log;

        public IReadOnlyList<RecoveredGroup> Groups => opening.Groups;

        public WalRecovery Recovery => opening.Recovery;

        public void Dispose()
        {
            try
            {
                opening.Log.Dispose();
            }
            catch (MemoryDiskStoppedException)
            {
                // A dead process closes nothing.
            }
        }
    }
}
