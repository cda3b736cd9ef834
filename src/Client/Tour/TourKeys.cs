using System.Globalization;
using Cluster.Lab;
using Cluster.Lab.Histories;
using Cluster.Lab.Resp;
using Cluster.Shared.Files;

namespace Cluster.Client.Tour;

/// <summary>The keys that stand in the cluster before the fault: written once, pipelined, and read back at the end. Each request counts as a client of its own.</summary>
internal sealed class TourKeys(int count, HistoryWriter history, HistoryClock clock)
{
    /// <summary>Far above the workload's own process numbers.</summary>
    private const int FirstProcess = 1_000_000;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    public Task LoadAsync(ClusterFileNode node, CancellationToken cancellation) =>
        OnEachAsync(node, "write", FirstProcess, number => ["SET", Key(number), Value(number)], cancellation);

    public Task ReadBackAsync(ClusterFileNode node, CancellationToken cancellation) =>
        OnEachAsync(node, "read", FirstProcess + count, number => ["GET", Key(number)], cancellation);

    private async Task OnEachAsync(ClusterFileNode node, string op, int firstProcess, Func<int, string[]> command, CancellationToken cancellation)
    {
        await using var client = await RespClient.ConnectAsync(node, cancellation).ConfigureAwait(false);
        var requests = new Task[count];
        for (var number = 0; number < count; number++)
        {
            requests[number] = RunAsync(number);
        }

        try
        {
            await Task.WhenAll(requests).WaitAsync(Deadline, TimeProvider.System, cancellation).ConfigureAwait(false);
        }
        catch (TimeoutException e)
        {
            throw new LabException($"{requests.Count(request => !request.IsCompleted)} of {count} requests to {node.Name} got no answer in {Deadline.TotalSeconds:0} s", e);
        }

        async Task RunAsync(int number)
        {
            var call = clock.Now;
            var reply = await client.SendAsync(cancellation, command(number)).ConfigureAwait(false);
            if (reply.IsError)
            {
                throw new LabException($"{node.Name} refused {string.Join(' ', command(number))}: {reply.Text}");
            }

            string?[] input = op == "write" ? [Value(number)] : [];
            history.Write(new Operation(firstProcess + number, op, Key(number), input, call, clock.Now, Outcome.Ok, op == "read" ? reply.Text : null));
        }
    }

    private static string Key(int number) => "tour:" + number.ToString(CultureInfo.InvariantCulture);

    private static string Value(int number) => "v" + number.ToString(CultureInfo.InvariantCulture);
}
