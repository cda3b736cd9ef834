using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;

namespace Cluster.Lab.Benchmarks.Modes;

/// <summary>A producer and a consumer for each partition of a topic. A batch's first record says when the batch was due, so whoever reads it knows how long it took.</summary>
public sealed class AppendRun(IReadOnlyList<Uri> nodes, string topic, int partitions, int batch) : IAsyncDisposable
{
    private const int PayloadBytes = 100;

    private static readonly TimeSpan LateAfter = TimeSpan.FromSeconds(3);

    private readonly HttpClient http = new(new SocketsHttpHandler { MaxConnectionsPerServer = 64 });
    private readonly Lock gate = new();
    private readonly long[] positions = new long[partitions];
    private LatencyHistogram append = new();
    private LatencyHistogram endToEnd = new();
    private long sent;
    private long read;
    private bool isMade;

    /// <param name="rate">Records a second over all partitions; null for as many as are acknowledged.</param>
    public async Task<AppendResult> RunAsync(TimeSpan time, int? rate, CancellationToken cancellation)
    {
        if (!isMade)
        {
            await PostAsync(nodes[0], "create", new { topic, partitions }, cancellation).ConfigureAwait(false);
            isMade = true;
        }

        (append, endToEnd) = (new LatencyHistogram(), new LatencyHistogram());
        (sent, read) = (0, 0);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var started = TimeProvider.System.GetTimestamp();
        var consumers = Enumerable.Range(0, partitions).Select(partition => Task.Run(() => ConsumeAsync(partition, ended.Token), CancellationToken.None)).ToList();
        await Task.WhenAll(Enumerable.Range(0, partitions).Select(partition => Task.Run(() => ProduceAsync(partition, started, time, rate, cancellation), cancellation))).ConfigureAwait(false);
        var over = TimeProvider.System.GetElapsedTime(started);
        for (var late = TimeProvider.System.GetTimestamp(); Interlocked.Read(ref read) < Interlocked.Read(ref sent) && TimeProvider.System.GetElapsedTime(late) < LateAfter;)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, cancellation).ConfigureAwait(false);
        }

        await ended.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(consumers).ConfigureAwait(false);
        return new AppendResult(Interlocked.Read(ref read), over, append, endToEnd);
    }

    public ValueTask DisposeAsync()
    {
        http.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task ProduceAsync(int partition, long started, TimeSpan time, int? rate, CancellationToken cancellation)
    {
        var filler = new string('x', PayloadBytes);
        var between = rate is { } wanted ? TimeSpan.FromSeconds((double)batch * partitions / wanted) : TimeSpan.Zero;
        for (var number = 0; TimeProvider.System.GetElapsedTime(started) < time; number++)
        {
            var due = rate is null ? TimeProvider.System.GetTimestamp() : started + (long)((number + ((double)partition / partitions)) * between.TotalSeconds * TimeProvider.System.TimestampFrequency);
            if (TimeProvider.System.GetElapsedTime(TimeProvider.System.GetTimestamp(), due) is var ahead && ahead > TimeSpan.Zero)
            {
                await Task.Delay(ahead, TimeProvider.System, cancellation).ConfigureAwait(false);
            }

            var first = due.ToString(CultureInfo.InvariantCulture);
            var records = JsonSerializer.Serialize(Enumerable.Repeat(filler, batch - 1).Prepend(first.PadRight(PayloadBytes)));
            await PostAsync(nodes[partition % nodes.Count], "append", new { topic, partition, records }, cancellation).ConfigureAwait(false);
            Interlocked.Add(ref sent, batch);
            Record(append, due);
        }
    }

    private async Task ConsumeAsync(int partition, CancellationToken ended)
    {
        var node = nodes[(partition + 1) % nodes.Count];
        try
        {
            while (true)
            {
                var from = string.Create(CultureInfo.InvariantCulture, $"modes/log-based/fetch?topic={topic}&partition={partition}&offset={positions[partition]}&max=1000&wait=1s&from=replica");
                using var answer = JsonDocument.Parse(await http.GetStringAsync(new Uri(node, from), ended).ConfigureAwait(false));
                foreach (var record in answer.RootElement.GetProperty("records").EnumerateArray())
                {
                    if (record.GetProperty("value").GetString() is { } value && value[0] != 'x')
                    {
                        Record(endToEnd, long.Parse(value, CultureInfo.InvariantCulture));
                    }

                    Interlocked.Increment(ref read);
                }

                positions[partition] = answer.RootElement.GetProperty("next").GetInt64();
            }
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // The run is over.
        }
    }

    private void Record(LatencyHistogram histogram, long due)
    {
        lock (gate)
        {
            histogram.Record((long)TimeProvider.System.GetElapsedTime(due).TotalNanoseconds);
        }
    }

    private async Task PostAsync(Uri node, string operation, object arguments, CancellationToken cancellation)
    {
        using var answer = await http.PostAsJsonAsync(new Uri(node, $"modes/log-based/{operation}"), arguments, cancellation).ConfigureAwait(false);
        if (!answer.IsSuccessStatusCode)
        {
            throw new InvalidOperationException($"{operation} at {node}: {await answer.Content.ReadAsStringAsync(cancellation).ConfigureAwait(false)}");
        }
    }
}
