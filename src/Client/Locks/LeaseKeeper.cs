using System.Globalization;
using Cluster.Lab.Clocks;
using Cluster.Lab.Http;

namespace Cluster.Client.Locks;

/// <summary>
/// Renews a lease at each third of it, and says when it is to be taken as lost: when a node says so, or when no renewal has been confirmed for nine tenths of it. So whoever is told has the last tenth to
/// stop in. It counts from when the last confirmed renewal was sent, which is before it began anywhere, and on this machine's monotonic clock.
/// </summary>
/// <param name="renew">Asks for a renewal for as long as it is told, and no longer.</param>
internal sealed class LeaseKeeper(Func<TimeSpan, CancellationToken, Task> renew, TimeSpan lease, TimeProvider time)
{
    /// <summary>Of a lease: for clocks that run at different rates, and for the time to stop a command.</summary>
    public const double Trusted = 0.9;

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
        var left = (lease * Trusted) - time.GetElapsedTime(confirmed, sent);
        if (left <= TimeSpan.Zero)
        {
            return Silence("this process did not run meanwhile");
        }

        using var over = new CancellationTokenSource(left, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(over.Token, cancellation);
        try
        {
            await renew(left, either.Token).ConfigureAwait(false);
            confirmed = sent;
            return null;
        }
        catch (NodeRefusedException refused)
        {
            return refused.Message;
        }
        catch (NoAnswerException silent)
        {
            return Silence(silent.Message);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return Silence("no node answers");
        }
    }

    private string Silence(string why) =>
        string.Create(CultureInfo.InvariantCulture, $"no renewal was confirmed for {time.GetElapsedTime(confirmed).TotalSeconds:0.0} s of a lease of {lease.TotalSeconds:0.###} s; {why}");
}
