using Cluster.Client.Output;
using Cluster.Lab;
using Cluster.Lab.Processes;
using Cluster.Lab.Targets;
using Spectre.Console;

namespace Cluster.Client.Nodes;

/// <summary>Starts a cluster and waits for it, telling what each node waits for. If it does not come up, what was started is ended again; data that stood there before stays.</summary>
internal static class ClusterStart
{
    public static readonly TimeSpan ReadyDeadline = TimeSpan.FromSeconds(30);

    /// <summary>A start that is this quick needs no running commentary.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan DatabasePoll = TimeSpan.FromMilliseconds(20);

    /// <param name="postgres"><see cref="LocalCluster.StartPostgres"/>, or where one is; null: none.</param>
    /// <param name="isQuiet">Says nothing of what nodes wait for: something else is being told.</param>
    public static async Task<LocalCluster> RunAsync(LaunchPlan plan, string path, CancellationToken cancellation, string? postgres = null, bool isQuiet = false)
    {
        var directory = new LabDirectory(path);
        var hadData = Enumerable.Range(1, plan.Nodes).Any(number => Directory.Exists(directory.DataOf(LaunchPlan.NodeName(number))));
        var cluster = LocalCluster.Start(plan, path, TimeProvider.System, postgres);
        try
        {
            await (isQuiet
                ? cluster.WaitReadyAsync(cluster.NodeNames, ReadyDeadline, static (_, _) => { }, cancellation)
                : WaitAsync(cluster, cluster.NodeNames, ReadyDeadline, cancellation)).ConfigureAwait(false);
            await WaitForDatabaseAsync(cluster, cancellation).ConfigureAwait(false);
            return cluster;
        }
        catch (Exception e) when (e is LabException or OperationCanceledException)
        {
            await cluster.AbandonAsync(hadData).ConfigureAwait(false);
            throw;
        }
    }

    /// <exception cref="LabException">It ended, or is not ready in time; the message has what it said last.</exception>
    public static async Task WaitForDatabaseAsync(ClusterTarget cluster, CancellationToken cancellation)
    {
        const int LinesShown = 8;
        for (var start = TimeProvider.System.GetTimestamp(); cluster.Database is { IsReady: false } database; await Task.Delay(DatabasePoll, TimeProvider.System, cancellation).ConfigureAwait(false))
        {
            if (database.State == ProcessState.Dead || TimeProvider.System.GetElapsedTime(start) > ReadyDeadline)
            {
                throw new LabException($"PostgreSQL ({database.Description}) {(database.State == ProcessState.Dead ? "ended while starting" : $"is not ready after {ReadyDeadline.TotalSeconds:0} s")}; the end of its log:\n{string.Join('\n', database.LastLogLines(LinesShown).Select(line => "  " + line))}");
            }
        }
    }

    public static Task WaitAsync(ClusterTarget cluster, IReadOnlyList<string> names, TimeSpan deadline, CancellationToken cancellation)
    {
        var start = TimeProvider.System.GetTimestamp();
        return cluster.WaitReadyAsync(
            names,
            deadline,
            (name, reason) =>
            {
                if (reason is not null && TimeProvider.System.GetElapsedTime(start) > Patience)
                {
                    Terminal.Console.MarkupLineInterpolated($"[grey]{name} waits: {reason}[/]");
                }
            },
            cancellation);
    }
}
