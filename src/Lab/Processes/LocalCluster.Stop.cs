using Cluster.Lab.Targets;

namespace Cluster.Lab.Processes;

/// <summary>Stopping: asks first, then insists, and never leaves a process behind.</summary>
public sealed partial class LocalCluster
{
    /// <summary>A node hands over, answers, and closes its log and its connections mostly in well under a second; what it waits for is bounded, together under this.</summary>
    private static readonly TimeSpan TerminateTimeout = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan KillTimeout = TimeSpan.FromSeconds(5);

    public override async Task TerminateAsync(string name, CancellationToken cancellation)
    {
        var process = Process(name);
        process.Terminate();
        if (await process.WaitForExitAsync(TerminateTimeout, Time, cancellation).ConfigureAwait(false))
        {
            return;
        }

        process.Kill();
        if (!await process.WaitForExitAsync(KillTimeout, Time, cancellation).ConfigureAwait(false))
        {
            throw new LabException($"{name} (process {process.Pid}) does not end after SIGKILL: it hangs in the kernel");
        }
    }

    /// <summary>Ends every node that runs, and deletes the data unless told to keep it; kept data is what the next start here goes on with.</summary>
    /// <returns>The nodes that had still been running.</returns>
    public async Task<IReadOnlyList<string>> DownAsync(bool keepData, CancellationToken cancellation)
    {
        var alive = NodeNames.Where(name => Process(name).State != ProcessState.Dead).ToList();
        await Task.WhenAll(alive.Select(name => TerminateAsync(name, cancellation))).ConfigureAwait(false);
        await StopDatabaseAsync(cancellation).ConfigureAwait(false);
        if (keepData)
        {
            Directory.Forget();
        }
        else
        {
            Directory.Delete(NodeNames, file.Postgres?.Data);
        }

        return alive;
    }

    /// <summary>After a start that failed: kills what runs and takes the cluster file away. Logs stay, to be read; data only if it stood there before.</summary>
    public async Task AbandonAsync(bool keepData)
    {
        foreach (var name in NodeNames)
        {
            var process = Process(name);
            process.Kill();
            await process.WaitForExitAsync(KillTimeout, Time, CancellationToken.None).ConfigureAwait(false);
        }

        await StopDatabaseAsync(CancellationToken.None).ConfigureAwait(false);
        if (!keepData)
        {
            Directory.DeleteDatabase(file.Postgres?.Data);
        }

        Directory.Forget();
        if (!keepData)
        {
            Directory.DeleteData(NodeNames);
        }
    }
}
