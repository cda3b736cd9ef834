using Cluster.Lab.Clocks;
using Cluster.Lab.Histories;
using Cluster.Lab.Schedules;
using Cluster.Lab.Workloads;
using Cluster.Lab.Workloads.Sessions;
using Cluster.Shared.Scenarios;
using Cluster.Shared.Wire;

namespace Cluster.Lab.Scenarios;

/// <summary>
/// Plays a scenario on a stage: clients at work, faults as planned, everything healed, everything read back. It ends in a finding, and judges nothing. The same
/// code on every stage: all time is the stage's, and nothing here needs a thread of its own.
/// </summary>
public sealed class ScenarioRun
{
    /// <summary>Process numbers of one workload; the next one's begin after them.</summary>
    public const int ProcessesEach = 1_000_000;

    /// <summary>Clients go on for so long after all is well again: what is wrong then shows.</summary>
    private static readonly TimeSpan Afterwards = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan ReadyPoll = TimeSpan.FromMilliseconds(50);

    private readonly ScenarioPlan plan;
    private readonly IScenarioStage stage;
    private readonly IHistorySink history;
    private readonly HistoryClock clock;
    private readonly Workload[] workloads;
    private readonly FaultRunner faults;

    /// <exception cref="LabException">The scenario names a workload that there is not, or its schedule asks for what the stage cannot do.</exception>
    public ScenarioRun(ScenarioPlan plan, IScenarioStage stage, IHistorySink history)
    {
        FaultRunner.RefuseUnsupported(plan.Schedule, stage.Faults);
        (this.plan, this.stage, this.history) = (plan, stage, history);
        clock = new HistoryClock(stage.Time);
        workloads = [.. plan.Scenario.Workloads.Select(NewWorkload)];
        faults = new FaultRunner(stage.Faults, plan.Schedule, plan.Seed, history.Write, clock, stage.Time);
    }

    /// <summary>The history's clock.</summary>
    public HistoryClock Clock => clock;

    public WorkloadProgress Progress => workloads.Aggregate(new WorkloadProgress(), (sum, workload) => sum + workload.Progress);

    /// <summary>What is going on, in a few words.</summary>
    public string Phase { get; private set; } = "clients at work";

    /// <summary>What is known of a run that something else ended in the middle.</summary>
    public ScenarioFinding BrokenOff(string why) => new(plan, faults.Tally, Progress, Recovery: null, why) { Ended = clock.Now, IsBrokenOff = true };

    /// <summary>Takes back what a run that was stopped in the middle has left open, so that the cluster can go on without it.</summary>
    public Task TakeBackAsync() => faults.HealAsync(CancellationToken.None);

    public async Task<ScenarioFinding> RunAsync(CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var running = Task.WhenAll(workloads.Select(workload => workload.RunAsync(stop.Token)));
        string? doubt = null;
        ScenarioRecovery? recovery = null;
        IReadOnlyDictionary<string, string> ended = new Dictionary<string, string>();
        try
        {
            var start = stage.Time.GetTimestamp();
            await faults.RunAsync(cancellation).ConfigureAwait(false);
            await Pause.ForAsync(Left(plan.Span - stage.Time.GetElapsedTime(start)), stage.Time, cancellation).ConfigureAwait(false);
            ended = await stage.Faults.EndedThemselvesAsync(cancellation).ConfigureAwait(false);
            recovery = await HealAsync(cancellation).ConfigureAwait(false);
            ended = await stage.Faults.EndedThemselvesAsync(cancellation).ConfigureAwait(false);
            await Pause.ForAsync(Afterwards, stage.Time, cancellation).ConfigureAwait(false);
        }
        catch (LabException broken)
        {
            doubt = await HealAfterAsync(broken, cancellation).ConfigureAwait(false);
        }
        finally
        {
            // Not CancelAsync, which would go on on another thread: in a simulation there is one only.
#pragma warning disable CA1849, S6966
            stop.Cancel();
#pragma warning restore CA1849, S6966
            await running.ConfigureAwait(false);
        }

        var (progress, unheard) = (Progress, workloads.Index().Where(workload => workload.Item.Progress.Answered == 0).Select(workload => plan.Scenario.Workloads[workload.Index].Name).ToList());
        // What does not serve cannot be read back either, and says so already.
        if (recovery is { NotReadyBecause: null })
        {
            doubt ??= await ReadBackAsync(cancellation).ConfigureAwait(false);
        }

        doubt ??= unheard.Count == 0 ? null : $"no operation of {string.Join(", ", unheard)} was answered while the clients worked, which shows nothing";
        return new ScenarioFinding(plan, faults.Tally, progress, recovery, doubt)
        {
            Happenings = await stage.HappeningsAsync(clock, cancellation).ConfigureAwait(false),
            EndedThemselves = ended,
            Ended = clock.Now,
        };
    }

    /// <summary>A schedule that broke off leaves its faults open, and the cluster may have to go on without the run.</summary>
    /// <returns>What went wrong.</returns>
    private async Task<string> HealAfterAsync(LabException broken, CancellationToken cancellation)
    {
        try
        {
            await faults.HealAsync(cancellation).ConfigureAwait(false);
            return broken.Message;
        }
        catch (LabException unhealed)
        {
            return unhealed.Message == broken.Message ? broken.Message : $"{broken.Message}; {unhealed.Message}";
        }
    }

    /// <summary>Takes every fault back and waits until all nodes serve, as long as the scenario allows.</summary>
    private async Task<ScenarioRecovery> HealAsync(CancellationToken cancellation)
    {
        Phase = "healing";
        await faults.HealAsync(cancellation).ConfigureAwait(false);
        var healed = stage.Time.GetTimestamp();
        while (true)
        {
            var because = await stage.NotReadyBecauseAsync(cancellation).ConfigureAwait(false);
            var after = stage.Time.GetElapsedTime(healed);
            if (because is null || after > plan.Scenario.RecoversWithin)
            {
                return new ScenarioRecovery(after, because);
            }

            if (await stage.Faults.EndedThemselvesAsync(cancellation).ConfigureAwait(false) is { Count: > 0 } ended)
            {
                return new ScenarioRecovery(after, $"{because}; {string.Join(", ", ended.Keys.Order(StringComparer.Ordinal))} ended by itself, so nobody waited for it");
            }

            await Pause.ForAsync(ReadyPoll, stage.Time, cancellation).ConfigureAwait(false);
            cancellation.ThrowIfCancellationRequested();
        }
    }

    /// <returns>Why what is stored cannot be judged; null when all of it was read.</returns>
    private async Task<string?> ReadBackAsync(CancellationToken cancellation)
    {
        Phase = "reading everything back";
        try
        {
            foreach (var (number, workload) in workloads.Index())
            {
                await (plan.Scenario.Workloads[number].ConvergesWithin is { } limit
                    ? workload.ReadEverywhereAsync(stage.Faults.NodeNames, limit, plan.Scenario.RecoversWithin, cancellation)
                    : workload.ReadAllAsync(plan.Scenario.RecoversWithin, cancellation)).ConfigureAwait(false);
            }

            return null;
        }
        catch (LabException unread)
        {
            return unread.Message;
        }
    }

    private Workload NewWorkload(ScenarioWorkload asked, int number)
    {
        var entry = WorkloadCatalog.Find(asked.Name) ?? throw new LabException($"the scenario {plan.Scenario.Slug} asks for a workload '{asked.Name}'; there are {string.Join(", ", WorkloadCatalog.All.Select(known => known.Name))}");
        if (asked.Checkers.Count == 0 && entry.CheckersOf(ConsistencyOf(asked)).Count == 0)
        {
            throw new LabException($"the scenario {plan.Scenario.Slug} asks for {asked.Name} with {asked.Consistency} reads, of which nothing would be left to judge; name its checkers");
        }

        var usual = new WorkloadOptions();
        var options = usual with
        {
            Processes = asked.Clients,
            Keys = asked.Keys,
            ReadPercent = asked.ReadPercent ?? usual.ReadPercent,
            Readers = asked.Readers,
            CasPercent = asked.CasPercent ?? usual.CasPercent,
            Consistency = ConsistencyOf(asked),
            Pause = asked.Pause ?? usual.Pause,
            KeyPrefix = $"{plan.KeyPrefix}{asked.Name}{number}:",
            FirstProcess = number * ProcessesEach,
            Seed = unchecked((plan.Seed * 31) + number),
        };
        return new Workload(entry, options, client => Connect(stage, asked, options, client), history, clock, stage.Time);
    }

    /// <summary>The session of one client of a workload, as the scenario asks for it: with which store, and whether it stays where it is. The number after the last client's reads every node after a run, and is bound to none.</summary>
    internal static IClientSession Connect(IScenarioStage stage, ScenarioWorkload asked, WorkloadOptions options, int client)
    {
        var session = asked.Store is null ? stage.Connect(options, client) : new StorageModeSession(stage.Connect(options, client), asked);
        var nodes = stage.Faults.NodeNames;
        return asked.StaysWithNode && client < asked.Clients ? new PinnedSession(session, nodes[client % nodes.Count]) : session;
    }

    /// <exception cref="LabException">It names none.</exception>
    internal static ReadConsistency ConsistencyOf(ScenarioWorkload workload) => workload.Consistency is null ? ReadConsistency.Linearizable
        : Enum.TryParse<ReadConsistency>(workload.Consistency, ignoreCase: true, out var known) ? known
        : throw new LabException($"'{workload.Consistency}' is no consistency of reads; there are linearizable, lease and stale");

    private static TimeSpan Left(TimeSpan span) => span > TimeSpan.Zero ? span : TimeSpan.Zero;
}
