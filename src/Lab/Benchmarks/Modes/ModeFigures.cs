using System.Net;

namespace Cluster.Lab.Benchmarks.Modes;

/// <summary>What each of the modes' figures is, and how it is taken of a cluster that runs.</summary>
public static class ModeFigures
{
    public const int Subscribers = 100;
    private const int PayloadBytes = 100;
    public const double WantedDeliveries = 200_000;

    private const int Partitions = 6;
    private const int Batch = 100;
    public const int WantedRecords = 30_000;

    private const int Buyers = 64;
    private const double WantedSagas = 500;

    private const double WantedNanoseconds = 1_000;

    /// <summary>A figure just below its rate is the clock's doing.</summary>
    public const double NearlyAll = 0.98;

    public static readonly TimeSpan WantedEndToEnd = TimeSpan.FromMilliseconds(50);

    /// <summary>Before each, as fast as it goes and not counted: a .NET process that has just started is still compiling itself.</summary>
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(5);

    public static IReadOnlyList<string> Names { get; } = ["publish", "append", "sagas", "breaker"];

    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="resp">Where each node serves Redis clients.</param>
    /// <param name="http">Where each node serves HTTP.</param>
    public static Task<ModeFigure> TakeAsync(string name, IReadOnlyList<IPEndPoint> resp, IReadOnlyList<Uri> http, TimeSpan measured, CancellationToken cancellation) => name switch
    {
        "publish" => PublishAsync(resp, measured, cancellation),
        "append" => AppendAsync(http, measured, cancellation),
        "sagas" => SagasAsync(http, measured, cancellation),
        "breaker" => BreakerAsync(http[0], cancellation),
        _ => throw new ArgumentException($"there is no figure '{name}'; there are {string.Join(", ", Names)}", nameof(name)),
    };

    private static async Task<ModeFigure> PublishAsync(IReadOnlyList<IPEndPoint> nodes, TimeSpan measured, CancellationToken cancellation)
    {
        var run = await FanOutRun.OpenAsync(nodes, Subscribers, PayloadBytes, cancellation).ConfigureAwait(false);
        await using (run.ConfigureAwait(false))
        {
            await run.RunAsync(WarmUp, cancellation).ConfigureAwait(false);
            var result = await run.RunAsync(measured, cancellation).ConfigureAwait(false);
            var reached = result.Delivered / result.Time.TotalSeconds;
            return new ModeFigure("publish", $"messages of {PayloadBytes} bytes to {Subscribers} subscribers over {nodes.Count} nodes", reached, "deliveries/s", null, null, $"at least {WantedDeliveries:N0}/s", reached >= WantedDeliveries);
        }
    }

    private static async Task<ModeFigure> AppendAsync(IReadOnlyList<Uri> nodes, TimeSpan measured, CancellationToken cancellation)
    {
        var run = new AppendRun(nodes, $"bench-{Guid.NewGuid():n}", Partitions, Batch);
        await using (run.ConfigureAwait(false))
        {
            await run.RunAsync(WarmUp, rate: null, cancellation).ConfigureAwait(false);
            var result = await run.RunAsync(measured, WantedRecords, cancellation).ConfigureAwait(false);
            var (reached, p99) = (result.Read / result.Time.TotalSeconds, result.EndToEnd.PercentileNs(99));
            return new ModeFigure(
                "append",
                $"records of {PayloadBytes} bytes in batches of {Batch} to {Partitions} partitions at {WantedRecords:N0} a second, each read at another node",
                reached,
                "records/s",
                Milliseconds(result.EndToEnd.PercentileNs(50)),
                Milliseconds(p99),
                $"{WantedRecords:N0}/s, end to end p99 under {WantedEndToEnd.TotalMilliseconds} ms",
                reached >= WantedRecords * NearlyAll && p99 <= WantedEndToEnd.TotalNanoseconds);
        }
    }

    private static async Task<ModeFigure> SagasAsync(IReadOnlyList<Uri> nodes, TimeSpan measured, CancellationToken cancellation)
    {
        using var run = new SagaRun(nodes, Buyers);
        await run.RunAsync(WarmUp, cancellation).ConfigureAwait(false);
        var result = await run.RunAsync(measured, cancellation).ConfigureAwait(false);
        var reached = result.Completed / result.Time.TotalSeconds;
        return new ModeFigure(
            "sagas", $"orders of three steps, each to its end, by {Buyers} buyers", reached, "sagas/s", Milliseconds(result.Latency.PercentileNs(50)), Milliseconds(result.Latency.PercentileNs(99)), $"at least {WantedSagas:N0}/s", reached >= WantedSagas);
    }

    private static async Task<ModeFigure> BreakerAsync(Uri node, CancellationToken cancellation)
    {
        var added = await BreakerCost.OfAsync(node, cancellation).ConfigureAwait(false);
        return new ModeFigure("breaker", "what a closed breaker adds to a call, on a node", added, "ns/call", null, null, $"under {WantedNanoseconds:N0} ns", added < WantedNanoseconds);
    }

    private static double Milliseconds(long nanoseconds) => Math.Round(nanoseconds / 1e6, 1);
}
