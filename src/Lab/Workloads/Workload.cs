using Cluster.Lab.Histories;
using Cluster.Shared.Files;

namespace Cluster.Lab.Workloads;

/// <summary>
/// A closed loop of clients that read, write, compare-and-set and count, and record what they saw. Every written value is unique, so a read tells whose
/// write it saw. As in Jepsen, a client whose operation has unknown outcome goes on under a new process number: its old self may still be at it.
/// </summary>
public sealed class Workload(WorkloadOptions options, IReadOnlyList<ClusterFileNode> nodes, HistoryWriter history, HistoryClock clock, TimeProvider time)
{
    private readonly List<NodeSession> sessions = [];
    private int lastProcess = options.FirstProcess + options.Processes - 1;
    private long answered;
    private long refused;
    private long unknown;

    public WorkloadProgress Progress => new(Volatile.Read(ref answered), Volatile.Read(ref refused), Volatile.Read(ref unknown), SentAgain());

    /// <summary>Works until told to stop; then every client ends its operation, so that none is left without an outcome.</summary>
    public Task RunAsync(CancellationToken stop) => Task.WhenAll(Enumerable.Range(0, options.Processes).Select(number => RunClientAsync(number, stop)));

    /// <summary>Every client's next operation goes to this node.</summary>
    public void Steer(string node)
    {
        lock (sessions)
        {
            foreach (var session in sessions)
            {
                session.Steer(node);
            }
        }
    }

    /// <summary>Reads every key once, after everything: what the acknowledged writes are judged by.</summary>
    /// <exception cref="LabException">A key could not be read within the time.</exception>
    public async Task ReadAllAsync(TimeSpan within, CancellationToken cancellation)
    {
        var start = time.GetTimestamp();
        await using var session = new NodeSession(nodes, 0, options, time);
        foreach (var key in options.Keys())
        {
            var process = Interlocked.Increment(ref lastProcess);
            while (await RunOneAsync(session, process, "read", key, [], cancellation).ConfigureAwait(false) != Outcome.Ok)
            {
                if (time.GetElapsedTime(start) > within)
                {
                    throw new LabException($"key {key} cannot be read {within.TotalSeconds:0} s after the workload ended");
                }

                process = Interlocked.Increment(ref lastProcess);
                session.MoveOn();
                await Task.Delay(options.ReconnectPause, time, cancellation).ConfigureAwait(false);
            }
        }
    }

    private async Task RunClientAsync(int number, CancellationToken stop)
    {
        // Not by HashCode, which is another one in each process: the same seed is to choose the same operations.
        var random = new Random(unchecked((options.Seed * 397) ^ number));
        var process = options.FirstProcess + number;
        var written = 0;
        await using var session = new NodeSession(nodes, number, options, time);
        lock (sessions)
        {
            sessions.Add(session);
        }

        try
        {
            while (!stop.IsCancellationRequested)
            {
                if (!await session.TryConnectAsync(stop).ConfigureAwait(false))
                {
                    await Task.Delay(options.ReconnectPause, time, stop).ConfigureAwait(false);
                    continue;
                }

                var (op, key, input) = Choose(session, random, process, ++written);
                if (await RunOneAsync(session, process, op, key, input, CancellationToken.None).ConfigureAwait(false) == Outcome.Info)
                {
                    process = Interlocked.Increment(ref lastProcess);
                    session.MoveOn();
                }

                await Task.Delay(options.Pause, time, stop).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Told to stop while it paused.
        }
    }

    private long SentAgain()
    {
        lock (sessions)
        {
            return sessions.Sum(session => session.SentAgain);
        }
    }

    private (string Op, string Key, string?[] Input) Choose(NodeSession session, Random random, int process, int number)
    {
        var dice = random.Next(100);
        var key = random.Next(options.RegisterKeys + options.CounterKeys);
        if (key >= options.RegisterKeys)
        {
            var counter = options.CounterKey(key - options.RegisterKeys);
            return dice < options.ReadPercent ? ("read", counter, []) : ("incr", counter, ["1"]);
        }

        var register = options.RegisterKey(key);
        var value = $"p{process}-{number}";
        if (dice < options.ReadPercent)
        {
            return ("read", register, []);
        }

        return dice < options.ReadPercent + options.CasPercent && session.LastSeen(register) is { } expected
            ? ("cas", register, [expected, value])
            : ("write", register, [value]);
    }

    private async Task<Outcome> RunOneAsync(NodeSession session, int process, string op, string key, string?[] input, CancellationToken cancellation)
    {
        var (call, asked) = (clock.Now, session.Asked);
        var answer = await session.ExecuteAsync(op, key, input, cancellation).ConfigureAwait(false);
        history.Write(new Operation(process, op, key, input, call, clock.Now, answer.Outcome, answer.Output, asked));
        Interlocked.Increment(ref answer.Outcome == Outcome.Ok || answer.IsConflict ? ref answered : ref answer.Outcome == Outcome.Fail ? ref refused : ref unknown);
        return answer.Outcome;
    }
}
