using Cluster.Lab.Clocks;
using Cluster.Lab.Histories;
using Cluster.Shared.Scenarios;

namespace Cluster.Lab.Schedules;

/// <summary>
/// Carries a schedule out: begins each fault at its time, takes it back at its end, and writes both into the history when they have happened. Faults overlap; what a
/// node is to be told is worked out from all that are open, and told again to a node that was away. A fault that begins late, for its target was down or for bringing
/// another node back took its time, lasts as long as planned all the same.
/// </summary>
/// <param name="seed">Chooses the nodes where a role leaves a choice.</param>
/// <param name="record">Where faults stand: the history.</param>
public sealed partial class FaultRunner(IFaultTarget target, FaultSchedule schedule, int seed, Action<FaultEvent> record, HistoryClock clock, TimeProvider time)
{
    /// <summary>How often a node that could not be told is tried again.</summary>
    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>A node that was started again just now takes a while until it can be told anything.</summary>
    private static readonly TimeSpan HealDeadline = TimeSpan.FromSeconds(30);

    /// <summary>How long a fault that nodes must be told of waits at least for one that can be told: where others have been killed, all may be starting.</summary>
    private static readonly TimeSpan TellDeadline = TimeSpan.FromSeconds(10);

    private readonly PriorityQueue<Step, (TimeSpan At, int Order)> steps = new();
    private readonly Random random = new(seed);
    private readonly List<OpenFault> open = [];

    /// <summary>Nodes that a fault has down, with that fault. Noted before it is done, so that healing brings them back whatever stopped it half-way.</summary>
    private readonly Dictionary<string, PlannedFault> down = [];

    /// <summary>Nodes whose process a fault has stopped, with that fault; a process that is gone is no longer stopped.</summary>
    private readonly Dictionary<string, PlannedFault> stopped = [];

    /// <summary>Nodes that a fault has taken off the network, with that fault.</summary>
    private readonly Dictionary<string, PlannedFault> off = [];
    private readonly NodeTold told = new(target);

    public FaultTally Tally { get; } = new();

    /// <summary>Refuses what cannot be done here before anything is broken.</summary>
    /// <exception cref="LabException">The schedule has such a fault.</exception>
    public static void RefuseUnsupported(FaultSchedule schedule, IFaultTarget target)
    {
        foreach (var fault in schedule.Faults)
        {
            if (target.Unsupported.TryGetValue(fault.Kind, out var because))
            {
                throw new LabException($"{ScheduleNames.Of(fault.Kind)} at {ScheduleNames.Of(fault.Start)} cannot be done on this cluster: {because}");
            }

            if (fault.Target == FaultRole.Database && target.WhyNoDatabase is { } none)
            {
                throw new LabException($"{ScheduleNames.Of(fault.Kind)} of the database at {ScheduleNames.Of(fault.Start)} cannot be done on this cluster: {none}");
            }
        }
    }

    /// <summary>Returns when the last fault is over, or when told to stop; what is open then, <see cref="HealAsync"/> ends.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        var start = time.GetTimestamp();
        foreach (var (order, fault) in schedule.Faults.Index())
        {
            steps.Enqueue(new Step(fault, order, Begins: true, Turn: null), (fault.Start, 2 * order));
        }

        try
        {
            while (steps.TryDequeue(out var step, out var due))
            {
                await WaitUntilAsync(start, due.At, stop).ConfigureAwait(false);
                await (step.Begins ? BeginAsync(step, start, stop) : EndAsync(step.Fault, stop)).ConfigureAwait(false);
                await told.TellAsync(open, stop).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Whoever stops a run heals it.
        }
    }

    /// <summary>Ends everything that is open, and brings back every node that a fault still has: down, stopped or off the network. What cannot be ended keeps nothing else from it.</summary>
    /// <exception cref="LabException">Something could not be ended; all else is.</exception>
    public async Task HealAsync(CancellationToken cancellation)
    {
        LabException? failed = null;
        foreach (var fault in open.ToArray())
        {
            await TryAsync(() => EndAsync(fault.Plan, cancellation)).ConfigureAwait(false);
        }

        failed = null; // What a fault could not give back is tried again here, node by node.
        foreach (var (node, plan) in stopped.ToArray())
        {
            await TryAsync(() => ResumeAsync(node, plan, cancellation)).ConfigureAwait(false);
        }

        foreach (var (node, plan) in off.ToArray())
        {
            await TryAsync(() => ReconnectAsync(node, plan, cancellation)).ConfigureAwait(false);
        }

        foreach (var (node, plan) in down.ToArray())
        {
            await TryAsync(() => BringBackAsync(node, plan, cancellation)).ConfigureAwait(false);
        }

        for (var start = time.GetTimestamp(); !await told.TellAsync(open, cancellation).ConfigureAwait(false);)
        {
            if (time.GetElapsedTime(start) > HealDeadline)
            {
                throw new LabException($"not every node could be told within {HealDeadline.TotalSeconds:0} s that the faults inside it are over: one of them does not answer");
            }

            await Pause.ForAsync(RetryInterval, time, cancellation).ConfigureAwait(false);
        }

        if (failed is not null)
        {
            throw failed;
        }

        async Task TryAsync(Func<Task> end)
        {
            try
            {
                await end().ConfigureAwait(false);
            }
            catch (LabException refused)
            {
                failed ??= refused;
            }
        }
    }

    private async Task WaitUntilAsync(long start, TimeSpan due, CancellationToken stop)
    {
        while (due - time.GetElapsedTime(start) is var left && left > TimeSpan.Zero)
        {
            var wait = told.IsComplete || left < RetryInterval ? left : RetryInterval;
            await Pause.ForAsync(wait, time, stop).ConfigureAwait(false);
            stop.ThrowIfCancellationRequested();
            if (!told.IsComplete)
            {
                await told.TellAsync(open, stop).ConfigureAwait(false);
            }
        }
    }

    /// <summary>What cannot begin now, for its target is down, begins as soon as it can, within its length from the time at which its turn came.</summary>
    private async Task BeginAsync(Step step, long start, CancellationToken cancellation)
    {
        var (plan, order) = (step.Fault, step.Order);
        var turn = step.Turn ?? Later(plan.Start, time.GetElapsedTime(start));
        var because = await TryBeginAsync(plan, cancellation).ConfigureAwait(false);
        var now = Later(turn, time.GetElapsedTime(start));
        if (because is null)
        {
            steps.Enqueue(step with { Begins = false }, (now + plan.Length, (2 * order) + 1));
        }
        else if (now + RetryInterval is var next && next < turn + WindowOf(plan))
        {
            steps.Enqueue(step with { Turn = turn }, (next, (2 * schedule.Faults.Count) + order));
        }
        else
        {
            Tally.Miss(plan, because);
        }
    }

    /// <summary>What is less late than a try takes is in time: its end is where it was planned, beside what else was planned for then.</summary>
    private static TimeSpan Later(TimeSpan planned, TimeSpan now) => now - planned < RetryInterval ? planned : now;

    private static TimeSpan WindowOf(PlannedFault plan) => ChangesLinksOrInside(plan.Kind) && plan.Length < TellDeadline ? TellDeadline : plan.Length;

    /// <returns>Why it could not begin; null when it has.</returns>
    private async Task<string?> TryBeginAsync(PlannedFault plan, CancellationToken cancellation)
    {
        var holder = FaultRole.IsOffice(plan.Target) ? await target.FindHolderAsync(plan.Target, cancellation).ConfigureAwait(false) : null;
        var dead = await FindDeadAsync(cancellation).ConfigureAwait(false);
        var placed = FaultPlacing.Place(plan, target.NodeNames, target.Clusters, holder, node => !dead.Contains(node), random);
        var (fault, because) = await StrikeAsync(placed, dead, cancellation).ConfigureAwait(false);
        if (because is not null)
        {
            return because;
        }

        open.Add(fault);
        if (ChangesLinksOrInside(plan.Kind))
        {
            await told.TellAsync(open, cancellation).ConfigureAwait(false);
            if (!told.HasReached(fault, open))
            {
                open.Remove(fault);
                return "no node could be told of it";
            }
        }

        Tally.Count(plan);
        record(new FaultEvent(ScheduleNames.Of(plan.Kind), fault.Target, clock.Now));
        return null;
    }

    private async Task EndAsync(PlannedFault plan, CancellationToken cancellation)
    {
        if (open.Find(fault => ReferenceEquals(fault.Plan, plan)) is not { } fault)
        {
            return;
        }

        open.Remove(fault);
        await RelieveAsync(fault, cancellation).ConfigureAwait(false);
        if (ChangesLinksOrInside(plan.Kind))
        {
            await told.TellAsync(open, cancellation).ConfigureAwait(false);
        }

        record(new FaultEvent(EndOf(plan.Kind), fault.Target, clock.Now, ScheduleNames.Of(plan.Kind)));
    }

    private static bool ChangesLinksOrInside(FaultType kind) => kind >= FaultType.Cut;

    private static string EndOf(FaultType kind) => kind switch
    {
        FaultType.Kill or FaultType.PowerLoss or FaultType.Restart or FaultType.FailFsync => "restart",
        FaultType.Pause => "resume",
        FaultType.Leave or FaultType.BitFlip => "join",
        FaultType.Disconnect => "connect",
        _ => "heal",
    };

    /// <param name="Turn">When the fault was to begin: its planned time, or when everything before it was done; null until then.</param>
    private readonly record struct Step(PlannedFault Fault, int Order, bool Begins, TimeSpan? Turn);
}
