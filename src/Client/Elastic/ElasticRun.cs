using Cluster.Lab.Histories;
using Cluster.Lab.Members;
using Cluster.Lab.Processes;
using Cluster.Lab.Workloads;

namespace Cluster.Client.Elastic;

/// <summary>
/// Nodes leave and join one after another while clients work. Two kinds of clients: those at nodes that stay, and those that are at whichever node leaves,
/// and ask another one when it closes in good order. None of either may see a request fail; what all of them saw is judged afterwards.
/// </summary>
internal sealed class ElasticRun(LocalCluster cluster, ElasticPlan plan, HistoryWriter history, TimeProvider time)
{
    /// <summary>Process numbers of the second kind of clients.</summary>
    private const int FirstMover = 10_000_000;

    private readonly HistoryClock clock = new(time);
    private readonly HashSet<string> ending = [];

    private readonly WorkloadOptions stayOptions = new() { KeyPrefix = "stay:", Processes = 8, Pause = plan.Pause };

    /// <summary>Clients of nodes that stay.</summary>
    private Workload Staying => field ??= Workload.OnNodes(WorkloadCatalog.Kv, stayOptions, [.. plan.Staying.Select(cluster.Node)], history, clock, time);

    /// <summary>Clients of the node that leaves.</summary>
    private Workload Moving => field ??= Workload.OnNodes(
        WorkloadCatalog.Kv, stayOptions with { KeyPrefix = "move:", Processes = 4, FirstProcess = FirstMover, Seed = 2, EndsInOrder = IsEnding }, cluster.Nodes, history, clock, time);

    public async Task<ElasticFinding> RunAsync(Action<ElasticRound> report, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var running = Task.WhenAll(Staying.RunAsync(stop.Token), Moving.RunAsync(stop.Token));
        var rounds = new List<ElasticRound>();
        string? doubt = null;
        try
        {
            await ServeAsync(plan.OperationsBetween, cancellation).ConfigureAwait(false);
            for (var number = 1; number <= plan.Rounds; number++)
            {
                var round = await TurnAsync(number, plan.Leaving[(number - 1) % plan.Leaving.Count], cancellation).ConfigureAwait(false);
                rounds.Add(round);
                report(round);
            }
        }
        catch (Lab.LabException hangs)
        {
            doubt = hangs.Message;
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await running.ConfigureAwait(false);
        }

        foreach (var workload in doubt is null ? [Staying, Moving] : Array.Empty<Workload>())
        {
            await workload.ReadAllAsync(plan.Deadline, cancellation).ConfigureAwait(false);
        }

        return new ElasticFinding(rounds, Staying.Progress, Moving.Progress, doubt);
    }

    /// <summary>One node out and in again.</summary>
    private async Task<ElasticRound> TurnAsync(int number, string name, CancellationToken cancellation)
    {
        Moving.Steer(name);
        await ServeAsync(plan.OperationsBetween, cancellation).ConfigureAwait(false);
        var start = time.GetTimestamp();
        SetEnding(name, true);
        var departure = new Departure(cluster, name, plan.Deadline);
        await departure.BeginAsync(cancellation).ConfigureAwait(false);
        history.Write(new FaultEvent("leave", name, clock.Now));
        await departure.EndAsync(static () => { }, cancellation).ConfigureAwait(false);
        history.Write(new FaultEvent("left", name, clock.Now));
        var leave = time.GetElapsedTime(start);
        await ServeAsync(plan.OperationsBetween, cancellation).ConfigureAwait(false);

        start = time.GetTimestamp();
        history.Write(new FaultEvent("join", name, clock.Now));
        await cluster.RestartAsync(name, cancellation).ConfigureAwait(false);
        await cluster.WaitReadyAsync([name], plan.Deadline, static (_, _) => { }, cancellation).ConfigureAwait(false);
        var share = await ReplicaProgress.AwaitShareAsync(cluster, name, plan.Deadline, static _ => { }, cancellation).ConfigureAwait(false);
        SetEnding(name, false);
        history.Write(new FaultEvent("joined", name, clock.Now));
        return new ElasticRound(number, name, leave, time.GetElapsedTime(start), share.Votes, Staying.Progress + Moving.Progress);
    }

    /// <summary>Waits until the clients have done so many more operations: the load is really there.</summary>
    private async Task ServeAsync(int operations, CancellationToken cancellation)
    {
        var start = time.GetTimestamp();
        var goal = (Staying.Progress + Moving.Progress).Answered + operations;
        while ((Staying.Progress + Moving.Progress).Answered < goal)
        {
            if (time.GetElapsedTime(start) > plan.Deadline)
            {
                throw new Lab.LabException($"the clients got fewer than {operations} answers in {plan.Deadline.TotalSeconds:0} s");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), time, cancellation).ConfigureAwait(false);
        }
    }

    private bool IsEnding(string name)
    {
        lock (ending)
        {
            return ending.Contains(name);
        }
    }

    private void SetEnding(string name, bool ends)
    {
        lock (ending)
        {
            _ = ends ? ending.Add(name) : ending.Remove(name);
        }
    }
}
