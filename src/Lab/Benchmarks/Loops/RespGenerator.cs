using System.Globalization;
using System.Net;
using System.Text;
using Cluster.Lab.Benchmarks.Requests;

namespace Cluster.Lab.Benchmarks.Loops;

/// <summary>The load generator for RESP: as many event loops as asked for, each a thread with its share of the connections, started together.</summary>
internal sealed class RespGenerator(BenchOptions options, BenchTarget target, TimeProvider time) : ILoadGenerator
{
    private static readonly TimeSpan ConnectTime = TimeSpan.FromSeconds(5);

    /// <summary>Loading ends here at the latest.</summary>
    private static readonly TimeSpan LoadTime = TimeSpan.FromMinutes(10);

    /// <summary>Loading is not measured, so it is pipelined; a server that takes bursts of this size takes any benchmark.</summary>
    private const int LoadDepth = 16;

    public Task<GeneratorRun> LoadAsync(CancellationToken cancellation)
    {
        var encoder = new RequestEncoder(BenchWorkload.Set, 0, options.ValueBytes, (ulong)options.Seed);
        return RunAsync(encoder, loop => new LoopShare(new SequentialKeys(loop, Loops), (options.Keys - loop + Loops - 1) / Loops), LoadDepth, null, TimeSpan.Zero, LoadTime, cancellation);
    }

    public Task<GeneratorRun> MeasureAsync(TimeSpan measured, CancellationToken cancellation)
    {
        var encoder = new RequestEncoder(options.Workload, options.ReadShare, options.ValueBytes, (ulong)options.Seed);
        IKeyChooser keys = options.Distribution == KeyDistribution.Zipf ? new ZipfKeys(options.Keys) : new UniformKeys(options.Keys);
        return RunAsync(encoder, _ => new LoopShare(keys, long.MaxValue), options.Pipeline, options.Rate, options.WarmUp, measured, cancellation);
    }

    private int Loops => Math.Min(options.Threads, options.Clients);

    private async Task<GeneratorRun> RunAsync(RequestEncoder encoder, Func<int, LoopShare> share, int depth, double? rate, TimeSpan warmUp, TimeSpan measured, CancellationToken cancellation)
    {
        var greeting = Greeting(out var replies);
        var loops = new List<GeneratorLoop>();
        try
        {
            for (var loop = 0; loop < Loops; loop++)
            {
                var endpoints = new List<IPEndPoint>();
                for (var connection = loop; connection < options.Clients; connection += Loops)
                {
                    endpoints.Add(target.Doors[connection % target.Doors.Count]);
                }

                var schedule = rate is { } total ? new PacingSchedule(total * endpoints.Count / options.Clients, endpoints.Count) : null;
                var (keys, quota) = share(loop);
                var plan = new LoopPlan(endpoints, depth, encoder, keys, (ulong)(options.Seed + loop), greeting, replies, schedule, warmUp, measured, quota);
                loops.Add(new GeneratorLoop(plan, time));
            }

            await RunAllAsync(loops, cancellation).ConfigureAwait(false);
            return GeneratorRun.Of(measured, loops);
        }
        finally
        {
            loops.ForEach(loop => loop.Dispose());
        }
    }

    /// <summary>PING last: a door that is no Redis is found out before the run, not in it.</summary>
    private byte[] Greeting(out int replies)
    {
        var greeting = "*1\r\n$4\r\nPING\r\n";
        replies = 1;
        if ((target.Consistency ?? options.Consistency) is { } consistency)
        {
            greeting = $"*3\r\n$6\r\nCLIENT\r\n$11\r\nCONSISTENCY\r\n${consistency.Length}\r\n{consistency}\r\n" + greeting;
            replies++;
        }

        if (target.Database is { } database)
        {
            var number = database.ToString(CultureInfo.InvariantCulture);
            greeting = $"*2\r\n$6\r\nSELECT\r\n${number.Length}\r\n{number}\r\n" + greeting;
            replies++;
        }

        return Encoding.ASCII.GetBytes(greeting);
    }

    private static async Task RunAllAsync(List<GeneratorLoop> loops, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var together = new Barrier(loops.Count);
        var running = loops.ConvertAll(loop => OnThreadAsync(() => Drive(loop, together, stop)));
        try
        {
            await Task.WhenAll(running).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // One loop failed and stopped the others: its own failure is the news.
            throw running.Select(run => run.Exception?.InnerException).OfType<LabException>().First();
        }
    }

    private static void Drive(GeneratorLoop loop, Barrier together, CancellationTokenSource stop)
    {
        try
        {
            loop.Connect(ConnectTime, stop.Token);
            together.SignalAndWait(stop.Token);
            loop.Run(stop.Token);
        }
        catch
        {
            stop.Cancel();
            throw;
        }
    }

    private static Task OnThreadAsync(Action work)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() =>
        {
            try
            {
                work();
                done.SetResult();
            }
            catch (OperationCanceledException)
            {
                done.SetCanceled();
            }
            catch (Exception e)
            {
                done.SetException(e);
            }
        })
        {
            Name = "load generator",
            IsBackground = true,
        }.Start();
        return done.Task;
    }

    private readonly record struct LoopShare(IKeyChooser Keys, long Quota);
}
