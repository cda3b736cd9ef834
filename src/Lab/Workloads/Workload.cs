using Cluster.Lab.Clocks;
using Cluster.Lab.Histories;
using Cluster.Lab.Workloads.Generators;
using Cluster.Lab.Workloads.Recipes;
using Cluster.Lab.Workloads.Sessions;
using Cluster.Shared.Files;
using Cluster.Shared.Wire;

namespace Cluster.Lab.Workloads;

/// <summary>
/// Clients that do what a workload of the catalogue says, in a closed or an open loop, and record what they saw. Every written value is unique, so a read tells whose
/// write it saw. As in Jepsen, a client whose operation has unknown outcome goes on under a new process number: its old self may still be at it.
/// </summary>
/// <remarks>
/// The same code runs on real nodes and in a simulation: all time is the <see cref="TimeProvider"/>'s, and nothing here needs a thread of its own, so every continuation may run
/// on the thread that fires a timer or ends an operation. A client is never at work on two threads at once.
/// </remarks>
/// <param name="connect">The session of the client of this number, from 0; disposed when the client ends. The number after the last client's is that of whoever reads every node after the run.</param>
public sealed class Workload(WorkloadEntry entry, WorkloadOptions options, Func<int, IClientSession> connect, IHistorySink history, HistoryClock clock, TimeProvider time)
{
    /// <summary>Between two readings of what nodes say different things of: as often as anti-entropy comes round at most.</summary>
    private static readonly TimeSpan RereadPause = TimeSpan.FromMilliseconds(250);

    private readonly IGenerator[] generators = [.. Enumerable.Range(0, options.Processes).Select(client => entry.Generator(options, client))];
    private readonly IRecipe recipe = entry.Recipe(options);
    private readonly List<IClientSession> sessions = [];
    private readonly LatencyRecorder latencies = new();
    private int lastProcess = options.FirstProcess + options.Processes - 1;
    private long answered;
    private long refused;
    private long unknown;

    public WorkloadProgress Progress => new(Volatile.Read(ref answered), Volatile.Read(ref refused), Volatile.Read(ref unknown), SentAgain());

    /// <summary>How long the clients' operations took so far; the reads after the run are not among them.</summary>
    public WorkloadLatency Latency => latencies.Snapshot();

    /// <summary>A workload on real nodes, each client at one of them at a time.</summary>
    public static Workload OnNodes(WorkloadEntry entry, WorkloadOptions options, IReadOnlyList<ClusterFileNode> nodes, IHistorySink history, HistoryClock clock, TimeProvider time) =>
        new(entry, options, client => SessionOn(nodes, options, client, time), history, clock, time);

    /// <summary>The session of one client with real nodes.</summary>
    /// <param name="client">Its number, from 0: it begins at the node of that number.</param>
    public static IClientSession SessionOn(IReadOnlyList<ClusterFileNode> nodes, WorkloadOptions options, int client, TimeProvider time) => new NodeSession(nodes, client, options, time);

    /// <summary>Works until told to stop; then every client ends its operation, so that none is left without an outcome.</summary>
    public Task RunAsync(CancellationToken stop)
    {
        var arrivals = new Arrivals(options, clock, time, latencies);
        arrivals.Start();
        return Task.WhenAll(Enumerable.Range(0, options.Processes).Select(number => RunClientAsync(number, arrivals, stop)));
    }

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

    /// <summary>Reads every key after everything, queues and logs to their end: what the acknowledged operations are judged by. Linearizable, whatever the run's reads were.</summary>
    /// <exception cref="LabException">A key could not be read within the time.</exception>
    public async Task ReadAllAsync(TimeSpan within, CancellationToken cancellation)
    {
        var start = time.GetTimestamp();
        var reading = entry.Recipe(options with { Consistency = ReadConsistency.Linearizable });
        await using var session = connect(0);
        foreach (var key in generators.SelectMany(generator => generator.Keys).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            var step = entry.Closing(key);
            for (var request = step?.Request; request is not null;)
            {
                cancellation.ThrowIfCancellationRequested();
                var answer = await RunOneAsync(session, reading, Interlocked.Increment(ref lastProcess), request).ConfigureAwait(false);
                if (answer.Outcome == Outcome.Ok)
                {
                    request = step!.Then?.Invoke(answer.Output);
                    continue;
                }

                if (time.GetElapsedTime(start) > within)
                {
                    throw new LabException($"key {key} cannot be read {within.TotalSeconds:0} s after the workload ended");
                }

                session.MoveOn();
                await Pause.ForAsync(options.ReconnectPause, time, cancellation).ConfigureAwait(false);
            }
        }
    }

    /// <summary>
    /// Reads every key at every node after everything, and those of which nodes say different things again, until all say the same or the time is over. The last readings are what convergence is judged by.
    /// </summary>
    /// <param name="limit">How long the store has to come together.</param>
    /// <param name="within">How long one node may refuse to answer.</param>
    /// <exception cref="LabException">A key could not be read at a node within the time.</exception>
    public async Task ReadEverywhereAsync(IReadOnlyList<string> nodes, TimeSpan limit, TimeSpan within, CancellationToken cancellation)
    {
        var start = time.GetTimestamp();
        await using var session = connect(options.Processes);
        var apart = generators.SelectMany(generator => generator.Keys).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        while (true)
        {
            await Pause.ForAsync(RereadPause, time, cancellation).ConfigureAwait(false); // Before the first reading, too: one at the very instant of the last write's answer witnesses nothing.
            var still = new List<string>();
            foreach (var key in apart)
            {
                var said = new HashSet<string>(StringComparer.Ordinal);
                foreach (var node in nodes)
                {
                    said.Add(await ReadAtAsync(session, node, key, within, cancellation).ConfigureAwait(false) ?? "\0");
                }

                if (said.Count > 1)
                {
                    still.Add(key);
                }
            }

            if (still.Count == 0 || time.GetElapsedTime(start) > limit)
            {
                return;
            }

            apart = still;
        }
    }

    private async Task<string?> ReadAtAsync(IClientSession session, string node, string key, TimeSpan within, CancellationToken cancellation)
    {
        for (var start = time.GetTimestamp(); ;)
        {
            session.Steer(node);
            if (await session.TryConnectAsync(cancellation).ConfigureAwait(false) && session.Asked == node)
            {
                var answer = await RunOneAsync(session, recipe, Interlocked.Increment(ref lastProcess), new Request("read", key)).ConfigureAwait(false);
                if (answer.Outcome == Outcome.Ok)
                {
                    return answer.Output;
                }
            }

            if (time.GetElapsedTime(start) > within)
            {
                throw new LabException($"key {key} cannot be read at {node} {within.TotalSeconds:0} s after the workload ended");
            }

            await Pause.ForAsync(options.ReconnectPause, time, cancellation).ConfigureAwait(false);
        }
    }

    private async Task RunClientAsync(int number, Arrivals arrivals, CancellationToken stop)
    {
        var generator = generators[number];
        var process = options.FirstProcess + number;
        await using var session = connect(number);
        lock (sessions)
        {
            sessions.Add(session);
        }

        while (!stop.IsCancellationRequested)
        {
            var due = await arrivals.NextAsync(stop).ConfigureAwait(false);
            if (!await ConnectAsync(session, stop).ConfigureAwait(false))
            {
                return;
            }

            var request = generator.Next();
            var answer = await RunOneAsync(session, recipe, process, request).ConfigureAwait(false);
            latencies.Record(clock.Now - due);
            generator.Saw(request, answer);
            if (answer.Outcome == Outcome.Info)
            {
                process = Interlocked.Increment(ref lastProcess);
                session.MoveOn();
            }

            await arrivals.PauseAsync(stop).ConfigureAwait(false);
        }
    }

    /// <summary>Node after node until one takes a connection; false: told to stop.</summary>
    private async Task<bool> ConnectAsync(IClientSession session, CancellationToken stop)
    {
        try
        {
            while (!stop.IsCancellationRequested)
            {
                if (await session.TryConnectAsync(stop).ConfigureAwait(false))
                {
                    return !stop.IsCancellationRequested;
                }

                await Pause.ForAsync(options.ReconnectPause, time, stop).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Told to stop while it connected.
        }

        return false;
    }

    private long SentAgain()
    {
        lock (sessions)
        {
            return sessions.Sum(session => session.SentAgain);
        }
    }

    private async Task<StoreAnswer> RunOneAsync(IClientSession session, IRecipe how, int process, Request request)
    {
        var (call, asked) = (clock.Now, session.Asked);
        var answer = await how.ExecuteAsync(session, request).ConfigureAwait(false);
        history.Write(new Operation(process, request.Op, request.Key, request.Input, call, clock.Now, answer.Outcome, answer.Output, asked));
        Interlocked.Increment(ref answer.Outcome == Outcome.Ok || answer.IsConflict ? ref answered : ref answer.Outcome == Outcome.Fail ? ref refused : ref unknown);
        return answer;
    }
}
