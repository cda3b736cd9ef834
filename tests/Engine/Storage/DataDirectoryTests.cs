using System.Text;
using Cluster.Engine.Simulation;
using Cluster.Engine.Storage;
using Cluster.Shared.Ids;

namespace Cluster.Engine.Tests.Storage;

public sealed class DataDirectoryTests
{
    private static readonly NodeName N1 = NodeName.Parse("n1");
    private static readonly Guid Uid = Guid.Parse("11111111-2222-3333-4444-555555555555");

    private readonly MemoryDisk disk = new();

    [Fact]
    public void Each_start_is_a_higher_incarnation_of_the_same_node()
    {
        for (ulong life = 1; life <= 3; life++)
        {
            using var directory = Open();
            Assert.Equal(new NodeIdentity("lab", "", N1, NodeId.None, Uid, new Incarnation(life)), directory.Identity);
            Assert.False(directory.MustHoldLog);
        }
    }

    [Fact]
    public void No_crash_lets_two_lives_speak_with_one_incarnation()
    {
        var whole = new MemoryDisk();
        Open(whole).Dispose();
        for (long operation = 0; operation <= whole.Operations + 1; operation++)
        {
            for (var seed = 0; seed < 8; seed++)
            {
                var crashing = new MemoryDisk();
                Open(crashing).Dispose();
                crashing.Crash(seed);
                crashing.Faults.StopAfterOperations = operation;
                ulong spoken = 1;
                try
                {
                    spoken = Open(crashing).Identity.Incarnation.Value;
                }
                catch (MemoryDiskStoppedException)
                {
                    // The crash that was asked for.
                }

                crashing.Crash(seed);
                using var next = Open(crashing);
                Assert.True(next.Identity.Incarnation.Value > spoken, $"operation {operation}, seed {seed}");
                Assert.Equal(Uid, next.Identity.Uid);
            }
        }
    }

    [Fact]
    public void What_the_cluster_told_when_joining_is_kept()
    {
        using (var directory = Open())
        {
            directory.RecordJoined("c-1", new NodeId(3));
            directory.RecordJoined("c-1", new NodeId(3));
            Assert.Throws<StorageRefusedException>(() => directory.RecordJoined("c-2", new NodeId(3)));
            Assert.Throws<StorageRefusedException>(() => directory.RecordJoined("c-1", new NodeId(4)));
        }

        disk.Crash(1);
        using var again = Open();
        Assert.Equal(("c-1", new NodeId(3)), (again.Identity.ClusterId, again.Identity.NodeId));
        Assert.True(again.MustHoldLog);
    }

    [Fact]
    public void A_second_process_is_refused_and_told_who_holds_the_directory()
    {
        using var directory = Open();
        var error = Assert.Throws<StorageRefusedException>(() => DataDirectory.Open(disk, "lab", N1, "pid 2", Uid));

        Assert.Contains("in use by pid 1", error.Message, StringComparison.Ordinal);
        Assert.Equal(1UL, directory.Identity.Incarnation.Value);
    }

    [Fact]
    public void Another_nodes_and_another_clusters_directory_are_refused_and_left_as_they_were()
    {
        Open().Dispose();
        var other = Assert.Throws<StorageRefusedException>(() => DataDirectory.Open(disk, "lab", NodeName.Parse("n2"), "pid 1", Uid));
        Assert.Contains("the data of node n1, not of n2", other.Message, StringComparison.Ordinal);
        var foreign = Assert.Throws<StorageRefusedException>(() => DataDirectory.Open(disk, "prod", N1, "pid 1", Uid));
        Assert.Contains("cluster 'lab', not of 'prod'", foreign.Message, StringComparison.Ordinal);

        using var again = Open();
        Assert.Equal(2UL, again.Identity.Incarnation.Value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{\"format\":1}")]
    [InlineData("{\"format\":1,\"nodeName\":\"n1\"")]
    [InlineData("{\"format\":\"one\"}")]
    public void An_unreadable_identity_is_refused_and_not_overwritten(string json)
    {
        Put(json);

        Assert.Throws<StorageCorruptException>(() => Open());
        Assert.Equal(json, Get());
    }

    [Fact]
    public void An_unknown_format_is_refused_as_such()
    {
        Open().Dispose();
        Put(Get().Replace("\"format\": 1", "\"format\": 2", StringComparison.Ordinal));

        Assert.Contains("data format 2", Assert.Throws<StorageRefusedException>(() => Open()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_changed_identity_is_refused()
    {
        using (var directory = Open())
        {
            directory.RecordJoined("c-1", new NodeId(3));
        }

        Put(Get().Replace("\"nodeId\": 3", "\"nodeId\": 2", StringComparison.Ordinal));
        Assert.Contains("checksum", Assert.Throws<StorageCorruptException>(() => Open()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Data_without_an_identity_is_refused()
    {
        Open().Dispose();
        WriteAheadLog.Open(disk, LogScript.Options, Uid).Log.Dispose();
        disk.Delete("node.json");

        Assert.Contains("node.json", Assert.Throws<StorageCorruptException>(() => Open()).Path, StringComparison.Ordinal);
    }

    private DataDirectory Open() => Open(disk);

    private static DataDirectory Open(MemoryDisk on) => DataDirectory.Open(on, "lab", N1, "pid 1", Uid);

    private void Put(string json)
    {
        using var file = disk.Open("node.json", DiskMode.Create);
        file.WriteAt(0, Encoding.UTF8.GetBytes(json));
        file.Flush();
        disk.SyncFolder("");
    }

    private string Get()
    {
        using var file = disk.Open("node.json", DiskMode.Read);
        var bytes = new byte[file.Length];
        _ = file.ReadAt(0, bytes);
        return Encoding.UTF8.GetString(bytes);
    }
}
