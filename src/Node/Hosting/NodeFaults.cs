using Cluster.Engine.Clocks;
using Cluster.Engine.Storage;
using Cluster.Engine.Storage.Faults;
using Cluster.Node.Options;
using Cluster.Shared.Http;

namespace Cluster.Node.Hosting;

/// <summary>
/// The disk and the clock of this process. On a node with <c>--lab</c> they can be made to fail while it runs; on any other they are the machine's own, with nothing
/// between. Nothing of it outlives the process: a node that is started again begins with the faults of its command line.
/// </summary>
internal sealed class NodeFaults : IDisposable
{
    private readonly FaultyDisk? disk;
    private readonly SkewedTime? clock;

    public NodeFaults(NodeOptions options)
    {
        Disk = new LocalDisk(options.DataDirectory);
        if (options.Lab)
        {
            Disk = disk = new FaultyDisk(Disk, TimeProvider.System, new Random());
            Time = clock = new SkewedTime(TimeProvider.System);
            disk.Set(options.DiskFaults);
        }
    }

    public IDisk Disk { get; }

    public TimeProvider Time { get; } = TimeProvider.System;

    public DiskFaultView DiskFaults
    {
        get => disk?.Current ?? DiskFaultView.None;
        set => Lab(disk).Set(value);
    }

    public ClockFaultView ClockFaults
    {
        get => clock is null ? ClockFaultView.None : new ClockFaultView((long)clock.Skew.TotalMilliseconds, clock.Rate);
        set => Lab(clock).Set(TimeSpan.FromMilliseconds(value.SkewMs), value.Rate);
    }

    /// <summary>Last of all: what the disk holds in memory goes into its files.</summary>
    public void Dispose() => disk?.Dispose();

    /// <exception cref="InvalidOperationException">The node runs without <c>--lab</c>, where no operation leads here.</exception>
    private static T Lab<T>(T? fault)
        where T : class => fault ?? throw new InvalidOperationException("a node without --lab has no faults");
}
