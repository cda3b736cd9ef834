using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;

namespace Cluster.Lab.Benchmarks.Modes;

/// <summary>Buyers that each place one order after another by the mode saga, spread over the nodes, the items and the customers: a closed loop.</summary>
public sealed class SagaRun(IReadOnlyList<Uri> nodes, int buyers) : IDisposable
{
    /// <summary>Ledgers of each kind: enough that orders seldom wait for each other.</summary>
    private const int Ledgers = 1_000;

    /// <summary>Carriers of their own for each run: a ledger opens with so much and no more.</summary>
    private readonly string mark = Guid.NewGuid().ToString("n")[..8];
    private readonly HttpClient http = new(new SocketsHttpHandler { MaxConnectionsPerServer = buyers });
    private readonly Lock gate = new();
    private long placed;

    /// <exception cref="LabException">A node refused an order.</exception>
    public async Task<SagaResult> RunAsync(TimeSpan time, CancellationToken cancellation)
    {
        var latency = new LatencyHistogram();
        var started = TimeProvider.System.GetTimestamp();
        var completed = await Task.WhenAll(Enumerable.Range(0, buyers).Select(buyer => Task.Run(() => BuyAsync(nodes[buyer % nodes.Count], started, time, latency, cancellation), cancellation))).ConfigureAwait(false);
        return new SagaResult(completed.Sum(), TimeProvider.System.GetElapsedTime(started), latency);
    }

    public void Dispose() => http.Dispose();

    private async Task<long> BuyAsync(Uri node, long started, TimeSpan time, LatencyHistogram latency, CancellationToken cancellation)
    {
        var completed = 0L;
        while (TimeProvider.System.GetElapsedTime(started) < time)
        {
            var asked = TimeProvider.System.GetTimestamp();
            completed += await PlaceAsync(node, Interlocked.Increment(ref placed), cancellation).ConfigureAwait(false) ? 1 : 0;
            lock (gate)
            {
                latency.Record((long)TimeProvider.System.GetElapsedTime(asked).TotalNanoseconds);
            }
        }

        return completed;
    }

    private async Task<bool> PlaceAsync(Uri node, long number, CancellationToken cancellation)
    {
        var ledger = string.Create(CultureInfo.InvariantCulture, $"bench-{mark}-{number % Ledgers}");
        var order = new { item = ledger, customer = ledger, carrier = ledger, quantity = 1, price = 1 };
        using var answer = await http.PostAsJsonAsync(new Uri(node, "modes/saga/place"), order, cancellation).ConfigureAwait(false);
        var text = await answer.Content.ReadAsStringAsync(cancellation).ConfigureAwait(false);
        if (!answer.IsSuccessStatusCode)
        {
            throw new LabException($"an order at {node} was refused: {text}");
        }

        using var saga = JsonDocument.Parse(text);
        return saga.RootElement.GetProperty("outcome").GetString() == "completed";
    }
}
