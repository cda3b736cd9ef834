using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using Cluster.Lab.Benchmarks;
using Cluster.Lab.Benchmarks.Loops;
using Cluster.Lab.Benchmarks.Requests;

namespace Cluster.Benchmarks.Peers;

/// <summary>
/// The closed loop against etcd: the same keys, values, histogram and windows as against a Redis server. Its generator costs more than the other one, because .NET's HTTP/2 client does; the report
/// states what, so that a reader can judge how much of the machine etcd was left.
/// </summary>
internal sealed class EtcdGenerator(BenchOptions options, IReadOnlyList<IPEndPoint> doors) : ILoadGenerator
{
    /// <summary>Connections to each door, as etcd's own benchmark tool spreads its clients over some.</summary>
    private const int ConnectionsEach = 3;

    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);

    public async Task<GeneratorRun> LoadAsync(CancellationToken cancellation)
    {
        var next = -1L;
        return await RunAsync(TimeSpan.Zero, TimeSpan.FromMinutes(10), RequestKind.Set, _ => Interlocked.Increment(ref next) is var key && key < options.Keys ? key : null, cancellation);
    }

    public Task<GeneratorRun> MeasureAsync(TimeSpan measured, CancellationToken cancellation)
    {
        var keys = new UniformKeys(options.Keys);
        var kind = options.Workload == BenchWorkload.Get ? RequestKind.Get : RequestKind.Set;
        return RunAsync(options.WarmUp, measured, kind, random => keys.Next(random), cancellation);
    }

    private async Task<GeneratorRun> RunAsync(TimeSpan warmUp, TimeSpan measured, RequestKind kind, Func<RandomNumbers, long?> choose, CancellationToken cancellation)
    {
        var calls = Enumerable.Range(0, doors.Count * ConnectionsEach).Select(number => EtcdCall.Connect(doors[number % doors.Count])).ToList();
        try
        {
            var turn = new Turn(Stopwatch.GetTimestamp(), warmUp, measured);
            await Task.WhenAll(Enumerable.Range(0, options.Clients).Select(client => ClientAsync(client, calls[client % calls.Count], turn, kind, choose, cancellation)));
            return new GeneratorRun(measured, turn.Tally, turn.Sent, turn.Timeline);
        }
        finally
        {
            calls.ForEach(call => call.Dispose());
        }
    }

    private async Task ClientAsync(int client, EtcdCall call, Turn turn, RequestKind kind, Func<RandomNumbers, long?> choose, CancellationToken cancellation)
    {
        await Task.Yield();
        var random = new RandomNumbers((ulong)(options.Seed + client));
        var value = new byte[options.ValueBytes];
        while (turn.Goes && choose(random) is { } number)
        {
            Array.Fill(value, (byte)(97 + random.Below(26)));
            var key = Encoding.ASCII.GetBytes("key:" + number.ToString("D12", CultureInfo.InvariantCulture));
            var since = Stopwatch.GetTimestamp();
            try
            {
                var reply = kind == RequestKind.Get ? await call.GetAsync(key, cancellation) : await call.PutAsync(key, value, cancellation);
                turn.Answered(kind, since, found: kind != RequestKind.Get || reply.Length >= options.ValueBytes);
            }
            catch (HttpRequestException failed)
            {
                turn.Failed(since, failed.Message);
            }
        }
    }

    /// <summary>One turn's window and what fell into it.</summary>
    private sealed class Turn(long start, TimeSpan warmUp, TimeSpan measured)
    {
        private readonly Lock gate = new();
        private long sent;

        public Tally Tally { get; } = new();

        public long[] Timeline { get; } = new long[Math.Max(1, (int)(measured / Step))];

        public long Sent => sent;

        public bool Goes => Stopwatch.GetElapsedTime(start) < warmUp + measured;

        public void Answered(RequestKind kind, long since, bool found)
        {
            var latency = Stopwatch.GetElapsedTime(since);
            var at = Stopwatch.GetElapsedTime(start) - warmUp;
            lock (gate)
            {
                sent++;
                if (!IsMeasured(since))
                {
                    return;
                }

                Tally.Record(kind, (long)latency.TotalNanoseconds);
                Tally.Misses += found ? 0 : 1;
                Timeline[Math.Clamp((int)(at / Step), 0, Timeline.Length - 1)]++;
            }
        }

        public void Failed(long since, string error)
        {
            lock (gate)
            {
                sent++;
                if (IsMeasured(since))
                {
                    Tally.CountError(error);
                }
            }
        }

        private bool IsMeasured(long since) => Stopwatch.GetElapsedTime(start, since) is var at && at >= warmUp && at < warmUp + measured;
    }
}
