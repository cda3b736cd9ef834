using System.Runtime.CompilerServices;
using Cluster.Shared.Http;
using Cluster.Shared.Ids;

namespace Cluster.Engine.Events;

/// <summary>
/// What has happened in the cluster, as this node tells it: the last <see cref="Capacity"/> events, to be read again from any of them on, and followed. Telling
/// costs the teller a lock and a slot; a reader that is too slow finds a gap in the numbers, and holds nobody up.
/// </summary>
/// <remarks>
/// For an event stream over HTTP: <see cref="FollowAsync"/> with the number that the client saw last, 0 for all that is kept, <see cref="Last"/> for what is new
/// only. Safe on any thread.
/// </remarks>
public sealed class ClusterEvents
{
    /// <summary>Events kept: a cluster of 25 nodes that loses one with a thousand shards tells some three thousand, so a reader may come a minute late.</summary>
    public const int Capacity = 4096;

    /// <summary>Numbers that one life of a node may use: far more than it tells in a year, and a thousandth of what JSON's numbers hold exactly.</summary>
    private const ulong NumbersOfALife = 1_000_000_000;

    private readonly Lock gate = new();
    private readonly ClusterEventView?[] ring = new ClusterEventView?[Capacity];
    private readonly string node;
    private readonly TimeProvider time;
    private readonly ulong first;
    private ulong last;
    private TaskCompletionSource? grown;

    internal ClusterEvents(NodeName node, Incarnation incarnation, TimeProvider time)
    {
        (this.node, this.time) = (node.ToString(), time);
        last = incarnation.Value * NumbersOfALife;
        first = last + 1;
    }

    /// <summary>The number of the newest event; that of none yet told lies between this node's former life and its first event.</summary>
    public ulong Last
    {
        get
        {
            lock (gate)
            {
                return last;
            }
        }
    }

    /// <summary>The kept events after <paramref name="after"/>, oldest first; the newest <paramref name="most"/> of them.</summary>
    public IReadOnlyList<ClusterEventView> Read(ulong after, int most = Capacity)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(most);
        lock (gate)
        {
            return Kept(after, most);
        }
    }

    /// <summary>The kept events after <paramref name="after"/>, then each new one as it comes, until cancelled.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public async IAsyncEnumerable<ClusterEventView> FollowAsync(ulong after, [EnumeratorCancellation] CancellationToken cancellation)
    {
        while (true)
        {
            IReadOnlyList<ClusterEventView> next;
            Task more;
            lock (gate)
            {
                next = Kept(after, Capacity);
                more = next.Count > 0 ? Task.CompletedTask : (grown ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            }

            await more.WaitAsync(cancellation).ConfigureAwait(false);
            foreach (var told in next)
            {
                yield return told;
                after = told.Sequence;
            }
        }
    }

    /// <summary>Tells what happened to a mode on this node.</summary>
    /// <param name="mode">Its slug.</param>
    public void TellOfMode(string mode, string text) => Tell(ClusterEventKind.ModeChanged, text, detail => detail with { Mode = mode });

    /// <summary>Tells it: number, time and teller are filled in.</summary>
    internal void Tell(ClusterEventKind kind, string text, Func<ClusterEventView, ClusterEventView> detail)
    {
        TaskCompletionSource? waiting;
        lock (gate)
        {
            last++;
            ring[last % Capacity] = detail(new ClusterEventView(last, time.GetUtcNow(), node, kind, text));
            (waiting, grown) = (grown, null);
        }

        waiting?.SetResult();
    }

    private List<ClusterEventView> Kept(ulong after, int most)
    {
        var count = Math.Min(last + 1 - first, (ulong)Math.Min(most, Capacity));
        var kept = new List<ClusterEventView>();
        for (var number = Math.Max(Math.Min(after, last), last - count) + 1; number <= last; number++)
        {
            kept.Add(ring[number % Capacity]!);
        }

        return kept;
    }
}
