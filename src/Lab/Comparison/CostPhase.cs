using Cluster.Lab.Clocks;
using Cluster.Lab.Histories;
using Cluster.Lab.Http;
using Cluster.Lab.Messages;
using Cluster.Lab.Targets;
using Cluster.Shared.Http;

namespace Cluster.Lab.Comparison;

/// <summary>
/// Counts the messages of one operation: so many operations one after the other, at each node in turn, with the nodes recording; less what they say to each other in the same time while nobody asks.
/// </summary>
internal sealed class CostPhase(ClusterTarget cluster, TimeProvider time)
{
    /// <summary>Each key twice, each node equally often: few enough to be through in a few seconds.</summary>
    private const int Operations = 60;

    private const int Keys = 30;

    /// <summary>
    /// From one operation to the next: they take as long as the quiet time that their background is counted in, so heartbeats and rounds of repair are the same in both. Some 15 a second are no load: from 20 a second on, by
    /// the counts of three nodes in seconds of their own, modes that balance themselves split and move what they keep, which would be counted as messages of operations.
    /// </summary>
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(65);

    private static readonly TimeSpan WarmsWithin = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan WarmPause = TimeSpan.FromMilliseconds(200);

    /// <exception cref="LabException">A node does not let itself be recorded.</exception>
    public async Task<CostMeasure> RunAsync(ModeView mode, CancellationToken cancellation)
    {
        using var client = new ModeClient(cluster, mode.Slug);
        var nodes = cluster.NodeNames;
        await EachAsync(Keys, i => WarmAsync(client, nodes[i % nodes.Count], Key(i), cancellation), cancellation).ConfigureAwait(false);
        var idle = await CountAsync(() => Pause.ForAsync(Pace * Operations, time, cancellation), cancellation).ConfigureAwait(false);
        var gets = await CountAsync(() => EachAsync(Operations, i => client.GetAsync(nodes[(i + (i / Keys)) % nodes.Count], Key(i), cancellation), cancellation), cancellation).ConfigureAwait(false); // Before the writes, which make replicas compare what they have.
        var puts = await CountAsync(() => EachAsync(Operations, i => client.PutAsync(nodes[(i + (i / Keys)) % nodes.Count], Key(i), $"v{i}", cancellation), cancellation), cancellation).ConfigureAwait(false);
        var theory = mode.Storage!.Costs.First(cost => cost.Nodes == nodes.Count);
        var (get, put) = (gets.Beyond(idle), puts.Beyond(idle));
        return new CostMeasure(nodes.Count, Each(get.Messages), Each(put.Messages), theory.Get, theory.Put, Each(get.Bytes), Each(put.Bytes), theory.Why);
    }

    /// <summary>A mode begins with its first key: replicas find each other, a leader is chosen. Until then it refuses.</summary>
    private async Task WarmAsync(ModeClient client, string node, string key, CancellationToken cancellation)
    {
        for (var start = time.GetTimestamp(); ; await Pause.ForAsync(WarmPause, time, cancellation).ConfigureAwait(false))
        {
            try
            {
                await client.PutAsync(node, key, "warm", cancellation).ConfigureAwait(false);
                return;
            }
            catch (NodeRefusedException) when (time.GetElapsedTime(start) < WarmsWithin)
            {
                // It says that it is not ready; it may be in a moment.
            }
        }
    }

    private static string Key(int number) => $"cost:{number % Keys}";

    private async Task EachAsync(int count, Func<int, Task> operation, CancellationToken cancellation)
    {
        var start = time.GetTimestamp();
        for (var i = 0; i < count; i++)
        {
            await operation(i).ConfigureAwait(false);
            if ((Pace * (i + 1)) - time.GetElapsedTime(start) is { Ticks: > 0 } early)
            {
                await Pause.ForAsync(early, time, cancellation).ConfigureAwait(false);
            }
        }
    }

    private static double Each(double all) => Math.Round(all / Operations, 2);

    private async Task<Window> CountAsync(Func<Task> work, CancellationToken cancellation)
    {
        var clock = new HistoryClock(time);
        var collector = new MessageCollector(cluster, clock, time);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var collecting = collector.RunAsync(over.Token);
        await Pause.ForAsync(TimeSpan.FromMilliseconds(200), time, cancellation).ConfigureAwait(false); // Until every node records.
        var from = clock.Now;
        await work().ConfigureAwait(false);
        var to = clock.Now;
        await over.CancelAsync().ConfigureAwait(false);
        await collecting.ConfigureAwait(false);
        if (collector.Refused.Count > 0)
        {
            throw new LabException($"{collector.Refused.First().Key} records no messages: {collector.Refused.First().Value}");
        }

        var counted = OperationMessages.Of(collector.Join().Where(message => message.SentAt >= from && message.SentAt <= to));
        return new Window(new MessageTally(counted), to - from);
    }

    private sealed record Window(MessageTally Tally, long Nanoseconds)
    {
        public (double Messages, double Bytes) Beyond(Window idle) => Tally.Beyond(idle.Tally, (double)Nanoseconds / idle.Nanoseconds);
    }
}
