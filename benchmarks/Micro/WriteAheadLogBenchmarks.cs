using BenchmarkDotNet.Attributes;
using Cluster.Engine.Storage;
using Cluster.Shared.Ids;
using Cluster.Shared.Wire;
using Google.Protobuf;

namespace Cluster.Benchmarks.Micro;

/// <summary>Entries of 150 bytes appended and made durable, alone and in the batches that group commit makes of 64 clients; on the disk of the temporary folder, and in memory.</summary>
public class WriteAheadLogBenchmarks
{
    private static readonly ShardId Group = new(1);

    private readonly ByteString data = ByteString.CopyFrom(new byte[150]);
    private string directory = "";
    private WriteAheadLog? log;
    private ulong index;

    [Params(1, 64)]
    public int Batch { get; set; }

    [Params("disk", "memory")]
    public string On { get; set; } = "disk";

    [GlobalSetup]
    public void Open()
    {
        directory = Path.Combine(On == "memory" && Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath(), "cluster-wal-" + Guid.NewGuid().ToString("N"));
        log = WriteAheadLog.Open(new LocalDisk(directory), new WalOptions(), Guid.NewGuid()).Log;
        log.AppendGroupCreated(Group, new Configuration { Voters = { 1 } });
        log.AppendHardState(Group, 1, 1, 0);
        index = 0;
    }

    [Benchmark]
    public bool AppendAndFlush()
    {
        var entries = new Entry[Batch];
        for (var i = 0; i < Batch; i++)
        {
            entries[i] = new Entry { Index = ++index, Term = 1, Data = data };
        }

        log!.AppendEntries(Group, entries);
        if (index % 65_536 < (ulong)Batch && index > 65_536)
        {
            // As a snapshot does: or the log would grow for as long as it is measured.
            log.AppendSnapshotMark(Group, index - 1_000, 1, new Configuration { Voters = { 1 } });
        }

        return log.Flush().IsDurable;
    }

    [GlobalCleanup]
    public void Close()
    {
        log!.Dispose();
        Directory.Delete(directory, recursive: true);
    }
}
