using System.Diagnostics;
using Cluster.Engine.Storage;
using Cluster.Shared.Ids;

namespace Cluster.Engine.Tests.Storage;

/// <summary>The log on the real disk, and how fast it is there: figures are printed, not judged.</summary>
public sealed class WriteAheadLogLocalTests(ITestOutputHelper output) : IDisposable
{
    private static readonly ShardId One = new(1);

    private readonly string directory = Path.Combine(Path.GetTempPath(), "cluster-wal-" + Guid.NewGuid().ToString("N"));

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public void A_hundred_thousand_entries_are_recovered_from_a_real_disk()
    {
        const int Entries = 100_000;
        const int PerFlush = 250;
        var disk = new LocalDisk(directory);
        var clock = Stopwatch.StartNew();
        using (var log = WriteAheadLog.Open(disk, new WalOptions { ReserveBytes = 0 }, LogScript.Node).Log)
        {
            output.WriteLine($"log made in {clock.Elapsed.TotalMilliseconds:F1} ms");
            log.AppendGroupCreated(One, LogScript.Voters(1, 2, 3));
            clock.Restart();
            for (ulong index = 1; index <= Entries; index++)
            {
                log.AppendEntries(One, [LogScript.Entry(index, 1, 100)]);
                if (index % PerFlush == 0)
                {
                    Assert.True(log.Flush().IsDurable);
                }
            }

            output.WriteLine($"{Entries} entries appended, {Entries / PerFlush} flushes: {clock.Elapsed.TotalMilliseconds:F0} ms");
        }

        clock.Restart();
        var opening = WriteAheadLog.Open(disk, new WalOptions(), LogScript.Node);
        output.WriteLine($"recovered in {clock.Elapsed.TotalMilliseconds:F0} ms");
        using var again = opening.Log;
        Assert.Equal(Entries, opening.Groups[0].Entries.Count);
        Assert.Null(opening.Recovery.TornTail);

        clock.Restart();
        for (ulong index = 1; index <= 1000; index++)
        {
            again.AppendEntries(One, [LogScript.Entry(Entries + index, 1, 100)]);
            Assert.True(again.Flush().IsDurable);
        }

        output.WriteLine($"one entry and one flush: {clock.Elapsed.TotalMicroseconds / 1000:F0} us");
    }

    [Fact]
    public void The_log_rolls_and_lets_segments_go_on_a_real_disk()
    {
        var disk = new LocalDisk(directory);
        using (var log = WriteAheadLog.Open(disk, LogScript.Options, LogScript.Node).Log)
        {
            log.AppendGroupCreated(One, LogScript.Voters(1));
            for (ulong index = 1; index <= 100; index++)
            {
                log.AppendEntries(One, [LogScript.Entry(index, 1, 700)]);
                if (index % 20 == 0)
                {
                    log.AppendSnapshotMark(One, index - 5, 1, LogScript.Voters(1));
                }

                Assert.True(log.Flush().IsDurable);
            }

            Assert.InRange(log.Segments, 1, 3);
            Assert.Equal(log.Segments, disk.List("wal").Count);
        }

        var opening = WriteAheadLog.Open(disk, LogScript.Options, LogScript.Node);
        Assert.Equal((95UL, 100UL), (opening.Groups[0].SnapshotIndex, opening.Groups[0].LastIndex));
        opening.Log.Dispose();
    }
}
