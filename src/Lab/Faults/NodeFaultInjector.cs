using Cluster.Lab.Targets;
using Cluster.Shared.Http;

namespace Cluster.Lab.Faults;

/// <summary>
/// Sets faults inside running nodes, of the disk and of the clock, on top of those set before. A node that is started again has none but those of its command
/// line. Nodes that do not answer are reported, not waited for.
/// </summary>
public sealed class NodeFaultInjector(ClusterTarget cluster, TimeSpan timeout)
{
    private readonly EachNode each = new(cluster, timeout);

    /// <returns>The nodes that could not be told, with the reason.</returns>
    public Task<IReadOnlyDictionary<string, string>> ChangeDiskAsync(IEnumerable<string> nodes, DiskChange change, CancellationToken cancellation) =>
        each.TellAsync(nodes, async (_, api) =>
            await api.PutDiskAsync(change.ApplyTo(await api.GetDiskAsync(cancellation).ConfigureAwait(false)), cancellation).ConfigureAwait(false));

    /// <returns>The nodes that could not be told, with the reason.</returns>
    public Task<IReadOnlyDictionary<string, string>> ChangeClockAsync(IEnumerable<string> nodes, ClockChange change, CancellationToken cancellation) =>
        each.TellAsync(nodes, async (_, api) =>
            await api.PutClockAsync(change.ApplyTo(await api.GetClockAsync(cancellation).ConfigureAwait(false)), cancellation).ConfigureAwait(false));

    /// <summary>Makes every disk and every clock right again, those included that the nodes were started with.</summary>
    /// <returns>The nodes that could not be told, with the reason.</returns>
    public Task<IReadOnlyDictionary<string, string>> HealAsync(CancellationToken cancellation) => each.TellAsync(cluster.NodeNames, async (_, api) =>
    {
        await api.PutDiskAsync(DiskFaultView.None, cancellation).ConfigureAwait(false);
        await api.PutClockAsync(ClockFaultView.None, cancellation).ConfigureAwait(false);
    });

    /// <summary>What is set now. Nodes that do not answer are left out.</summary>
    public Task<IReadOnlyDictionary<string, DiskFaultView>> GetDisksAsync(CancellationToken cancellation) =>
        each.AskAsync(cluster.NodeNames, api => api.GetDiskAsync(cancellation));

    /// <inheritdoc cref="GetDisksAsync"/>
    public Task<IReadOnlyDictionary<string, ClockFaultView>> GetClocksAsync(CancellationToken cancellation) =>
        each.AskAsync(cluster.NodeNames, api => api.GetClockAsync(cancellation));
}
