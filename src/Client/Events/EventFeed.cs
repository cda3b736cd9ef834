using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Cluster.Lab.Http;
using Cluster.Lab.Targets;
using Cluster.Shared.Http;

namespace Cluster.Client.Events;

/// <summary>
/// All nodes' events as one: what they keep in the order of their clocks (on one machine that is the order of things), then what comes as it comes. A node that
/// ends is asked again until it is back, and goes on after the last event that was seen of it; nodes that are added are found.
/// </summary>
/// <param name="reopen">Finds the cluster again, with nodes that have come since.</param>
/// <param name="only">Null for every node of the cluster.</param>
internal sealed class EventFeed(ClusterTarget cluster, Func<CancellationToken, Task<ClusterTarget>> reopen, IReadOnlyList<string>? only)
{
    /// <summary>Events that wait for the terminal; then the nodes are read no further, and they keep what comes.</summary>
    private const int Waiting = 1_024;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(500);

    /// <summary>How often it is looked for nodes that have been added.</summary>
    private static readonly TimeSpan DiscoveryInterval = TimeSpan.FromSeconds(1);

    private readonly Dictionary<string, ulong> seen = [];

    /// <summary>The nodes that have answered.</summary>
    public IReadOnlyCollection<string> Heard => seen.Keys;

    /// <summary>So many of the newest events of each node, all together, oldest first.</summary>
    public async Task<IReadOnlyList<ClusterEventView>> ReadAsync(int most, CancellationToken cancellation)
    {
        var answers = await Task.WhenAll((only ?? cluster.NodeNames).Select(node => ReadOneAsync(node, Math.Max(most, 1), cancellation))).ConfigureAwait(false);
        foreach (var (node, events) in answers)
        {
            if (events is not null)
            {
                seen[node] = events.Count > 0 ? events[^1].Sequence : 0;
            }
        }

        return [.. answers.SelectMany(answer => answer.Events ?? []).OrderBy(told => told.At).ThenBy(told => told.Node, StringComparer.Ordinal).ThenBy(told => told.Sequence)];
    }

    private async Task<(string Node, IReadOnlyList<ClusterEventView>? Events)> ReadOneAsync(string node, int most, CancellationToken cancellation)
    {
        if (!await cluster.MayAnswerAsync(node, cancellation).ConfigureAwait(false))
        {
            return (node, null);
        }

        using var api = cluster.Api(node, Patience);
        try
        {
            return (node, await api.GetEventsAsync(after: 0, most, cancellation).ConfigureAwait(false));
        }
        catch (Exception e) when ((NodeApi.IsNoAnswer(e) || e is NodeRefusedException) && !cancellation.IsCancellationRequested)
        {
            return (node, null);
        }
    }

    /// <summary>What happens from then on, until cancelled.</summary>
    public async IAsyncEnumerable<ClusterEventView> FollowAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        var channel = Channel.CreateBounded<ClusterEventView>(Waiting);
        var followed = new HashSet<string>();
        while (true)
        {
            var known = await reopen(cancellation).ConfigureAwait(false);
            foreach (var node in (only ?? known.NodeNames).Where(followed.Add).ToList())
            {
                _ = FollowOneAsync(known, node, seen.TryGetValue(node, out var last) ? last : 0, channel.Writer, cancellation);
            }

            using var pause = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            pause.CancelAfter(DiscoveryInterval);
            while (await IsThereAsync(channel.Reader, pause.Token, cancellation).ConfigureAwait(false))
            {
                while (channel.Reader.TryRead(out var told))
                {
                    yield return told;
                }
            }
        }
    }

    private static async ValueTask<bool> IsThereAsync(ChannelReader<ClusterEventView> reader, CancellationToken pause, CancellationToken cancellation)
    {
        try
        {
            return await reader.WaitToReadAsync(pause).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return false;
        }
    }

    private static async Task FollowOneAsync(ClusterTarget cluster, string node, ulong after, ChannelWriter<ClusterEventView> to, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                using var api = cluster.Api(node, Patience);
                await foreach (var told in api.FollowEventsAsync(after, cancellation).ConfigureAwait(false))
                {
                    after = told.Sequence;
                    await to.WriteAsync(told, cancellation).ConfigureAwait(false);
                }
            }
            catch (Exception e) when ((NodeApi.IsNoAnswer(e) || e is NodeRefusedException) && !cancellation.IsCancellationRequested)
            {
                // It does not run, or has ended just now: it may come back.
            }

            await Task.Delay(RetryPause, TimeProvider.System, cancellation).ConfigureAwait(false);
        }
    }
}
