using Cluster.Lab.Targets;

namespace Cluster.Lab.Members;

/// <summary>
/// One node on its way out: asked to leave, watched until the cluster needs nothing of it any more, ended, and forgotten. Stopped half-way, it goes on
/// leaving by itself, and asking again waits for the rest.
/// </summary>
public sealed class Departure(ClusterTarget cluster, string name, TimeSpan deadline)
{
    private const int ShardsDescribed = 8;

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(150);

    /// <summary>The others notice the end of a process by its connections, at once; on a busy machine a little later.</summary>
    private static readonly TimeSpan RemovalDeadline = TimeSpan.FromSeconds(10);

    private readonly MemberChange change = new(cluster);

    /// <summary>How far it is, in a few words.</summary>
    public string Progress { get; private set; } = $"{name}: asked to leave";

    /// <exception cref="LabException">The cluster refuses, or the node has left already.</exception>
    public async Task BeginAsync(CancellationToken cancellation)
    {
        if (!cluster.HasData(name) && await cluster.StateAsync(name, cancellation).ConfigureAwait(false) == ProcessState.Dead)
        {
            throw new LabException($"{name} has left the cluster already; 'lab restart {name}' lets it join again as a new member");
        }

        await change.LeaveAsync(name, cancellation).ConfigureAwait(false);
    }

    /// <param name="moved">Called whenever <see cref="Progress"/> has changed.</param>
    /// <returns>What to tell the user.</returns>
    /// <exception cref="LabException">The deadline passed: the message says what hangs.</exception>
    public async Task<string> EndAsync(Action moved, CancellationToken cancellation)
    {
        await AwaitHandoverAsync(moved, cancellation).ConfigureAwait(false);
        await cluster.TerminateAsync(name, cancellation).ConfigureAwait(false);
        var removed = await change.WaitUntilAsync(name, ["removed"], RemovalDeadline, cancellation).ConfigureAwait(false);
        // A member that has left never comes back on its old data; without it, it can join anew under its name.
        await cluster.DeleteDataAsync(name, cancellation).ConfigureAwait(false);
        return $"{name} has left the cluster and stopped{(removed ? "" : " (the others have not removed it yet)")}; 'lab restart {name}' lets it join again as a new member";
    }

    private async Task AwaitHandoverAsync(Action moved, CancellationToken cancellation)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var progress = await ReplicaProgress.LookAsync(cluster, name, cancellation).ConfigureAwait(false);
            // Exiting: it holds no replica any more, and is removed when its process has ended.
            if (progress.IsKnown && progress.Status is "exiting" or "removed" or null)
            {
                return;
            }

            Progress = $"{name}: {progress.Held} replicas left to hand over";
            moved();
            if (TimeProvider.System.GetElapsedTime(start) > deadline)
            {
                throw new LabException(string.Join("\n  ", [$"{name} is {progress.Status ?? "silent"} after {deadline.TotalSeconds:0} s, still runs, and goes on leaving; it is still in {progress.Held} groups:", .. progress.Describe(ShardsDescribed)]));
            }

            await Task.Delay(PollInterval, TimeProvider.System, cancellation).ConfigureAwait(false);
        }
    }
}
