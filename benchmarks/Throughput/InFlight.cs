using System.Diagnostics;

namespace Cluster.Benchmarks.Throughput;

/// <summary>A closed loop in one process: so many asks under way at any time, each followed by the next once it is answered.</summary>
internal static class InFlight
{
    /// <summary>As many as the 64 clients of the other measurements.</summary>
    public const int Asks = 64;

    public static async Task<long> RunAsync(TimeSpan time, Func<int, Task> ask)
    {
        var clock = Stopwatch.StartNew();
        var counts = await Task.WhenAll(Enumerable.Range(0, Asks).Select(LoopAsync));
        return counts.Sum();

        async Task<long> LoopAsync(int loop)
        {
            await Task.Yield();
            var count = 0L;
            while (clock.Elapsed < time)
            {
                await ask(loop);
                count++;
            }

            return count;
        }
    }
}
