using System.Text.Json;
using Cluster.Lab.Clocks;
using Cluster.Lab.Histories;
using Cluster.Lab.Http;
using Cluster.Lab.Scenarios;
using Cluster.Lab.Schedules;
using Cluster.Lab.Targets;
using Cluster.Lab.Workloads;
using Cluster.Shared.Http;
using Cluster.Shared.Scenarios;

namespace Cluster.Lab.Comparison;

/// <summary>
/// One mode under the schedule: clients that stay with their node read and write registers while one node after the other is killed, cut off, stopped and slowed down; then every key is read everywhere
/// until all nodes say the same.
/// </summary>
internal sealed class FaultPhase(ComparisonOptions options, ClusterTarget cluster, TimeProvider time)
{
    /// <summary>Faults of the schedule.</summary>
    public const int Faults = 6;

    /// <summary>At each node, clients whose registers all of them write, and clients with registers of their own.</summary>
    private const int SharedEach = 2;
    private const int OwnEach = 1;

    /// <summary>Process numbers of the clients with registers of their own begin here.</summary>
    private const int FirstOfVersions = ScenarioRun.ProcessesEach;

    private const int Keys = 10;

    /// <summary>A client that waits longer than this has not been served.</summary>
    private static readonly TimeSpan OperationTimeout = TimeSpan.FromSeconds(1.5);

    /// <summary>Between two operations of a client: leaves the processors to the nodes, and bounds the history.</summary>
    private static readonly TimeSpan Think = TimeSpan.FromMilliseconds(8);

    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ReadyWithin = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ConvergesWithin = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan ReadyPoll = TimeSpan.FromMilliseconds(100);

    /// <summary>The schedule: whom it strikes is filled in when its turn comes.</summary>
    private static readonly (FaultType Kind, bool StrikesOwner, string? Amount, string Words)[] Schedule =
    [
        (FaultType.Kill, false, null, "kill a node"),
        (FaultType.Kill, true, null, "kill the owner"),
        (FaultType.Cut, true, null, "cut the owner off"),
        (FaultType.Cut, false, null, "cut a node off"),
        (FaultType.Pause, true, null, "stop the owner"),
        (FaultType.Delay, false, "100ms", "slow a node's links"),
    ];

    private readonly HistoryRecorder history = new();
    private readonly HistoryClock clock = new(time);

    /// <param name="done">Told how many faults are over since the last time, and what is being done.</param>
    /// <exception cref="LabException">The cluster does not come back.</exception>
    public async Task<FaultOutcome> RunAsync(ModeView mode, Action<int, string> done, CancellationToken cancellation)
    {
        var stage = new ClusterStage(cluster, "process", losesUnflushed: true, time);
        Workload[] workloads = [NewWorkload(stage, mode, "register", SharedEach, 0), NewWorkload(stage, mode, "versions", OwnEach, FirstOfVersions)];
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var running = Task.WhenAll(workloads.Select(workload => workload.RunAsync(stop.Token)));
        var windows = new List<FaultWindow>();
        try
        {
            foreach (var (kind, strikesOwner, amount, words) in Schedule)
            {
                await Pause.ForAsync(Calm, time, cancellation).ConfigureAwait(false);
                var owner = await OwnerAsync(mode, $"{mode.Slug}:register:r0", cancellation).ConfigureAwait(false);
                var target = strikesOwner ? owner : cluster.NodeNames.Last(name => name != owner);
                done(windows.Count == 0 ? 0 : 1, $"{words} ({target})");
                windows.Add(await PlayAsync(stage, new PlannedFault(kind, target, TimeSpan.Zero, options.FaultLength, amount), words, cancellation).ConfigureAwait(false));
            }

            await Pause.ForAsync(Calm, time, cancellation).ConfigureAwait(false);
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await running.ConfigureAwait(false);
        }

        done(1, "reading everything back");
        var from = clock.Now;
        foreach (var workload in workloads)
        {
            await workload.ReadEverywhereAsync(cluster.NodeNames, ConvergesWithin, ReadyWithin, cancellation).ConfigureAwait(false);
        }

        var recorded = history.ToHistory();
        return new FaultOutcome(recorded, new History([.. recorded.Operations.Where(operation => operation.Process >= FirstOfVersions)], recorded.Faults), windows, from);
    }

    private Workload NewWorkload(ClusterStage stage, ModeView mode, string name, int clientsEach, int firstProcess)
    {
        var asked = new ScenarioWorkload(name, cluster.Nodes.Count * clientsEach) { Store = mode.Slug, StaysWithNode = true };
        var workload = new WorkloadOptions
        {
            Processes = asked.Clients,
            Keys = Keys,
            ReadPercent = 50,
            CasPercent = 0,
            Pause = Think,
            OperationTimeout = OperationTimeout,
            KeyPrefix = $"{mode.Slug}:{name}:",
            FirstProcess = firstProcess,
            Seed = options.Seed,
        };
        return new Workload(WorkloadCatalog.Find(name)!, workload, client => ScenarioRun.Connect(stage, asked, workload, client), history, clock, time);
    }

    /// <summary>Carries one fault out, and waits until every node serves again.</summary>
    private async Task<FaultWindow> PlayAsync(ClusterStage stage, PlannedFault fault, string words, CancellationToken cancellation)
    {
        // What was asked before it was carried out, or while it is taken back, does not show what it does.
        long? carriedOut = null;
        var runner = new FaultRunner(
            stage.Faults,
            new FaultSchedule([fault]),
            options.Seed,
            happened =>
            {
                carriedOut ??= happened.At;
                history.Write(happened);
            },
            clock,
            time);
        var asked = clock.Now;
        await runner.RunAsync(cancellation).ConfigureAwait(false);
        var begin = carriedOut ?? throw new LabException($"'{words}' could not be done to {fault.Target}");
        var end = Math.Min(clock.Now, asked + (fault.Length.Ticks * TimeSpan.NanosecondsPerTick));
        await runner.HealAsync(cancellation).ConfigureAwait(false);
        for (var start = time.GetTimestamp(); await stage.NotReadyBecauseAsync(cancellation).ConfigureAwait(false) is { } because;)
        {
            if (time.GetElapsedTime(start) > ReadyWithin)
            {
                throw new LabException($"after '{words}' the cluster did not serve again within {ReadyWithin.TotalSeconds:0} s: {because}");
            }

            await Pause.ForAsync(ReadyPoll, time, cancellation).ConfigureAwait(false);
        }

        return new FaultWindow(words, fault.Kind, fault.Target, begin, end);
    }

    /// <summary>The node that decides about a key, as the mode itself says; where none does, the first.</summary>
    private async Task<string> OwnerAsync(ModeView mode, string key, CancellationToken cancellation)
    {
        if (mode.Operations.Any(operation => operation.Name == "where"))
        {
            using var client = new ModeClient(cluster, mode.Slug);
            foreach (var node in cluster.NodeNames)
            {
                try
                {
                    using var told = JsonDocument.Parse(await client.WhereAsync(node, key, cancellation).ConfigureAwait(false));
                    if (told.RootElement.TryGetProperty("owner", out var owner) && owner.GetString() is { } name && cluster.NodeNames.Contains(name))
                    {
                        return name;
                    }
                }
                catch (Exception e) when (e is NodeRefusedException || NodeApi.IsNoAnswer(e))
                {
                    cancellation.ThrowIfCancellationRequested(); // Another node may know.
                }
            }
        }

        return cluster.NodeNames[0];
    }
}
