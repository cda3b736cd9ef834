using Cluster.Engine.Storage;

namespace Cluster.Engine.Tests.Storage;

public sealed class LocalDiskTests : DiskCompliance, IDisposable
{
    private readonly string directory = Path.Combine(Path.GetTempPath(), "cluster-disk-" + Guid.NewGuid().ToString("N"));
    private readonly LocalDisk disk;

    public LocalDiskTests() => disk = new LocalDisk(directory);

    protected override IDisk Disk => disk;

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public void A_data_directory_that_is_a_file_is_refused()
    {
        var path = Path.Combine(directory, "file");
        File.WriteAllText(path, "");

        Assert.ThrowsAny<IOException>(() => new LocalDisk(path));
    }

    [Fact]
    public void A_full_device_is_reported_as_full()
    {
        if (!File.Exists("/dev/full"))
        {
            return;
        }

        File.CreateSymbolicLink(Path.Combine(directory, "full"), "/dev/full");
        using var file = disk.Open("full", DiskMode.ReadWrite);

        Assert.Throws<DiskFullException>(() => file.WriteAt(0, "x"u8));
    }
}
