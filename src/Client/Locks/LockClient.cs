using System.Globalization;
using System.Net;
using System.Text.Json;
using Cluster.Client.Output;
using Cluster.Lab;
using Cluster.Lab.Clocks;
using Cluster.Lab.Http;
using Cluster.Lab.Targets;
using Cluster.Lab.Workloads.Sessions;

namespace Cluster.Client.Locks;

/// <summary>
/// One lock of a cluster, asked through whichever node answers. Every request may be sent again: an acquisition has a name and counts once, a renewal and a release go by the token.
/// </summary>
internal sealed class LockClient(ClusterTarget cluster, string name, string session, TimeProvider time)
{
    /// <summary>Between two nodes that did not serve a request.</summary>
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(100);

    /// <summary>Before it asks again where it got no place in the queue, and so no wait.</summary>
    private static readonly TimeSpan RefusedPause = TimeSpan.FromMilliseconds(500);

    /// <summary>How long a request may wait in the queue for its turn; then it is sent again, and goes on where it was.</summary>
    private static readonly TimeSpan MostInOne = TimeSpan.FromSeconds(3);

    /// <summary>Beyond the wait: a failover of the shard, and the answer.</summary>
    private static readonly TimeSpan Answering = TimeSpan.FromSeconds(3);

    private string attempt = Guid.NewGuid().ToString("N");
    private IReadOnlyList<string> nodes = [];
    private int current;

    /// <summary>The lock, or the queue's last word when the time is over: then the place is given up.</summary>
    public async Task<LockGrant> AcquireAsync(TimeSpan lease, TimeSpan lockDelay, TimeSpan wait, Action<LockGrant> waiting, CancellationToken cancellation)
    {
        var start = time.GetTimestamp();
        var grant = new LockGrant(false, null, null, "no node has answered");
        var leavesSomething = true;
        try
        {
            while (true)
            {
                leavesSomething = true;
                var left = wait - time.GetElapsedTime(start);
                grant = await AskAsync(lease, lockDelay, left < TimeSpan.Zero ? TimeSpan.Zero : left < MostInOne ? left : MostInOne, cancellation).ConfigureAwait(false);
                leavesSomething = !grant.IsRefused;
                if (grant.Granted || time.GetElapsedTime(start) >= wait)
                {
                    return grant;
                }

                waiting(grant);
                if (grant.Place is null)
                {
                    await Pause.ForAsync(RefusedPause, time, cancellation).ConfigureAwait(false);
                    cancellation.ThrowIfCancellationRequested();
                }
            }
        }
        finally
        {
            if (!grant.Granted && leavesSomething)
            {
                await GiveUpAsync().ConfigureAwait(false);
            }
        }
    }

    /// <exception cref="NodeRefusedException">The lock is not held with this token any more.</exception>
    /// <exception cref="LabException">No node has answered in time.</exception>
    public Task RenewAsync(long token, TimeSpan lease, TimeSpan within, CancellationToken cancellation) =>
        CallAsync(Call("renew", ("token", Text(token)), ("lease", Text(lease))), lease / 5 > RetryPause ? lease / 5 : RetryPause, within, cancellation);

    /// <inheritdoc cref="RenewAsync"/>
    public Task ReleaseAsync(long token, CancellationToken cancellation) =>
        CallAsync(Call("release", ("token", Text(token)), ("attempt", attempt)), Answering, Answering * 2, cancellation);

    /// <summary>The node's own words on who holds the lock and who waits, as JSON.</summary>
    /// <inheritdoc cref="RenewAsync"/>
    public Task<string> ShowAsync(CancellationToken cancellation) =>
        CallAsync(new ModeCall("lock", "show", IsRead: true, ("name", name)), Answering, Answering * 2, cancellation);

    private async Task<LockGrant> AskAsync(TimeSpan lease, TimeSpan lockDelay, TimeSpan wait, CancellationToken cancellation)
    {
        var call = Call("acquire", ("session", session), ("attempt", attempt), ("lease", Text(lease)), ("lock-delay", Text(lockDelay)), ("wait", Text(wait)));
        try
        {
            var json = await CallAsync(call, wait + Answering, wait + (Answering * 2), cancellation).ConfigureAwait(false);
            return JsonSerializer.Deserialize(json, ConsoleJson.Default.LockGrant) ?? throw new LabException("a node answered acquire by null");
        }
        catch (NodeRefusedException held) when (held.Status == HttpStatusCode.Conflict)
        {
            if (held.Message.Contains(attempt, StringComparison.Ordinal))
            {
                // Granted while no answer came through, and its lease is over: nothing more will come of this name.
                attempt = Guid.NewGuid().ToString("N");
            }

            return new LockGrant(false, null, null, held.Message) { IsRefused = true };
        }
        catch (NoAnswerException silent)
        {
            return new LockGrant(false, null, null, silent.Message);
        }
    }

    /// <summary>
    /// The place, and the lock itself if it was granted and the answer was lost. One node or two, and not for long: what is left behind goes by itself, but is in the way until then.
    /// </summary>
    private async Task GiveUpAsync()
    {
        try
        {
            await CallAsync(Call("withdraw", ("session", session), ("attempt", attempt)), RetryPause * 5, RetryPause * 10, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception e) when (e is NodeRefusedException or NoAnswerException)
        {
            // It has none, or nobody answers.
        }
    }

    /// <summary>Asks one node after the other until one serves the request or refuses it for good; those first that run, as far as this console can see.</summary>
    /// <param name="patience">With one node.</param>
    /// <param name="within">With all of them: it ends no later.</param>
    /// <exception cref="NoAnswerException">None has served it.</exception>
    private async Task<string> CallAsync(ModeCall call, TimeSpan patience, TimeSpan within, CancellationToken cancellation)
    {
        var start = time.GetTimestamp();
        while (true)
        {
            if (nodes.Count == 0)
            {
                nodes = await cluster.RunningAsync(cancellation).ConfigureAwait(false) is { Count: > 0 } running ? running : cluster.NodeNames;
            }

            var node = nodes[current % nodes.Count];
            var left = within - time.GetElapsedTime(start);
            string why;
            try
            {
                using var api = cluster.Api(node, left < patience ? left : patience);
                return await api.CallModeAsync(call, cancellation).ConfigureAwait(false);
            }
            catch (NodeRefusedException e) when (e.Status is HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout or HttpStatusCode.TooManyRequests)
            {
                why = $"{node}: {e.Message}";
            }
            catch (Exception e) when (NodeApi.IsNoAnswer(e) && !cancellation.IsCancellationRequested)
            {
                why = $"{node} does not answer";
            }

            current++;
            nodes = []; // They may have changed: whoever is stopped takes connections and never answers.
            if (time.GetElapsedTime(start) + RetryPause >= within)
            {
                throw new NoAnswerException($"no node has served it within {Seconds(within)}: {why}");
            }

            await Pause.ForAsync(RetryPause, time, cancellation).ConfigureAwait(false);
            cancellation.ThrowIfCancellationRequested();
        }
    }

    private ModeCall Call(string operation, params IReadOnlyList<(string Name, string? Value)> arguments) => new("lock", operation, IsRead: false, [("name", name), .. arguments]);

    private static string Text(TimeSpan span) => string.Create(CultureInfo.InvariantCulture, $"{span.TotalMilliseconds:0}ms");

    private static string Text(long token) => token.ToString(CultureInfo.InvariantCulture);

    private static string Seconds(TimeSpan span) => string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds:0.#} s");
}
