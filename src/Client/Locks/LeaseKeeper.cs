using System.Globalization;
using Cluster.Lab.Clocks;
using Cluster.Lab.Http;

namespace Cluster.Client.Locks;

/// <summary>
/// Renews a lease at each third of it, and says when it is to be taken as lost: when a node says so, or when no renewal has been confirmed for as long as the lease runs. It counts from when
/// the last confirmed renewal was sent, which is before it began anywhere, and on this machine's monotonic clock.
/// </summary>
internal sealed class LeaseKeeper(LockClient locks, long token, TimeSpan lease, TimeProvider time)
{
    /// <summary>Clocks that run at different rates, and the time to stop a command.</summary>
    private const double Trusted = 0.9;

    private long confirmed;

    /// <summary>The first renewal: how long the grant was under way nobody knows, so nothing is to begin before it.</summary>
    /// <returns>Why the lease is lost; null when it is held.</returns>
    public async Task<string?> ConfirmAsync(CancellationToken cancellation)
    {
        confirmed = time.GetTimestamp();
        return await RenewAsync(cancellation).ConfigureAwait(false);
    }

    /// <returns>Why the lease is lost; null when told to stop.</returns>
    public async Task<string?> KeepAsync(CancellationToken stop)
    {
        while (true)
        {
            await Pause.ForAsync(lease / 3, time, stop).ConfigureAwait(false);
            if (stop.IsCancellationRequested)
            {
                return null;
            }

            try
            {
                if (await RenewAsync(stop).ConfigureAwait(false) is { } lost)
                {
                    return lost;
                }
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return null;
            }
        }
    }

    private async Task<string?> RenewAsync(CancellationToken cancellation)
    {
        var sent = time.GetTimestamp();
        try
        {
            // Also when the time is over already, as after a pause of this process: only a node knows whether anybody took the lock meanwhile.
            await locks.RenewAsync(token, lease, (lease * Trusted) - time.GetElapsedTime(confirmed), cancellation).ConfigureAwait(false);
            confirmed = sent;
            return null;
        }
        catch (NodeRefusedException refused)
        {
            return refused.Message;
        }
        catch (NoAnswerException silent)
        {
            return string.Create(CultureInfo.InvariantCulture, $"no renewal was confirmed for {time.GetElapsedTime(confirmed).TotalSeconds:0.0} s of a lease of {lease.TotalSeconds:0.###} s; {silent.Message}");
        }
    }
}
