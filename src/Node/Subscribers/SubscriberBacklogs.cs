using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Cluster.Node.Options;

namespace Cluster.Node.Subscribers;

/// <summary>What waits for all clients of a node that subscribe, and the limit on it. Who is cut off is counted and logged.</summary>
internal sealed class SubscriberBacklogs : IDisposable
{
    public const string MeterName = "Cluster.Node.Subscribers";

    private readonly ConcurrentDictionary<SubscriberBacklog, bool> open = new();
    private readonly ILogger<SubscriberBacklogs> log;
    private readonly Meter meter;
    private readonly Counter<long> cut;
    private long total;

    public SubscriberBacklogs(SubscriberOptions options, NodeOptions node, TimeProvider time, ILogger<SubscriberBacklogs> log)
    {
        (Options, Time, this.log) = (options, time, log);
        meter = new Meter(new MeterOptions(MeterName) { Scope = node });
        cut = meter.CreateCounter<long>("cluster.subscribers.cut_off", "{client}", "Slow subscribers whose connection was closed, by the limit passed: hard, soft (for one client), total (of the node).");
        meter.CreateObservableUpDownCounter("cluster.subscribers.backlog", () => Total, "By", "Bytes of messages that wait for subscribers.");
    }

    public SubscriberOptions Options { get; }

    public TimeProvider Time { get; }

    /// <summary>Clients for which messages may wait.</summary>
    public int Clients => open.Count;

    /// <summary>Bytes that wait for all clients; what waits for several counts once.</summary>
    public long Total => Interlocked.Read(ref total);

    /// <param name="client">Who it is, for the log.</param>
    /// <param name="end">Ends its connection; called on a thread of its own.</param>
    public SubscriberBacklog Open(string client, Action end)
    {
        var backlog = new SubscriberBacklog(this, client, end);
        open[backlog] = true;
        return backlog;
    }

    public void Dispose() => meter.Dispose();

    internal void Add(long bytes) => Interlocked.Add(ref total, bytes);

    internal void Close(SubscriberBacklog backlog) => open.TryRemove(backlog, out _);

    internal void WasCut(SubscriberBacklog backlog, string limit, string why)
    {
        cut.Add(1, new KeyValuePair<string, object?>("limit", limit));
        log.LogWarning("subscriber {Client} reads too slowly and is cut off: {Why}", backlog.Client, why);
    }

    internal void CutFurthestBehind()
    {
        if (Total > Options.TotalBytes && open.Keys.MaxBy(backlog => backlog.Bytes) is { } furthest)
        {
            furthest.Cut("total", $"{Total:N0} bytes wait for the subscribers of this node, over the limit of {Options.TotalBytes:N0}, and {furthest.Bytes:N0} of them for this one");
        }
    }
}
