using Cluster.Engine.Storage;
using Cluster.Engine.Storage.Faults;
using Cluster.Shared.Http;

namespace Cluster.Engine.Tests.Storage;

/// <summary>A faulty disk over a real one keeps every promise of a disk, whether it passes on, holds back or tears.</summary>
public abstract class FaultyDiskComplianceTests : DiskCompliance, IDisposable
{
    private readonly string directory = Path.Combine(Path.GetTempPath(), "cluster-disk-" + Guid.NewGuid().ToString("N"));
    private readonly FaultyDisk disk;

    protected FaultyDiskComplianceTests(DiskFaultView faults)
    {
        disk = new FaultyDisk(new LocalDisk(directory), TimeProvider.System, new Random(1));
        disk.Set(faults);
    }

    protected override IDisk Disk => disk;

    public void Dispose()
    {
        disk.Dispose();
        Directory.Delete(directory, recursive: true);
        GC.SuppressFinalize(this);
    }
}

public sealed class HealthyFaultyDiskTests() : FaultyDiskComplianceTests(DiskFaultView.None);

public sealed class SlowFaultyDiskTests() : FaultyDiskComplianceTests(new DiskFaultView(LatencyMs: 1, WriteLatencyMs: 1, JitterMs: 1));

public sealed class ForgetfulFaultyDiskTests() : FaultyDiskComplianceTests(new DiskFaultView(LoseUnsynced: true));

public sealed class TearingFaultyDiskTests() : FaultyDiskComplianceTests(new DiskFaultView(LoseUnsynced: true, Torn: true));
