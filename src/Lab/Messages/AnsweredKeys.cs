using Cluster.Shared.Http;

namespace Cluster.Lab.Messages;

/// <summary>
/// Gives answers the keys of what they answer, so that a diagram of one key shows whole rounds: a reply those of its request, the reply to an append those of the
/// entries that it acknowledges. Messages are shown to it in order of their sending.
/// </summary>
internal sealed class AnsweredKeys
{
    /// <summary>As many as a recorded message has itself.</summary>
    private const int MaxKeys = 8;

    /// <summary>Appends of one leader to one follower that are not acknowledged: far more than its window, and a bound where acknowledgements are not recorded.</summary>
    private const int MaxUnacknowledged = 1024;

    private readonly Dictionary<(string Asker, string Asked, ulong Correlation), MessagePartView> requests = [];
    private readonly Dictionary<(string Leader, string Follower, uint Shard), Queue<MessagePartView>> appends = [];

    public (uint? Shard, IReadOnlyList<string> Keys) Of(string from, string to, MessagePartView part)
    {
        switch (part)
        {
            case { Kind: "Request", Correlation: { } asked }:
                requests[(from, to, asked)] = part;
                break;
            case { Kind: "Reply", Correlation: { } answered } when requests.TryGetValue((to, from, answered), out var request):
                return (request.Shard, request.Keys ?? []);
            case { Kind: "AppendEntries", Shard: { } shard, Last: not null, Keys: not null }:
                Note((from, to, shard), part);
                break;
            case { Kind: "AppendReply", Shard: { } shard, Last: { } upTo } when appends.TryGetValue((to, from, shard), out var waiting):
                return (shard, Acknowledged(waiting, upTo));
        }

        return (part.Shard, part.Keys ?? []);
    }

    private void Note((string Leader, string Follower, uint Shard) link, MessagePartView append)
    {
        if (!appends.TryGetValue(link, out var waiting))
        {
            appends[link] = waiting = new Queue<MessagePartView>();
        }

        if (waiting.Count == MaxUnacknowledged)
        {
            waiting.Dequeue();
        }

        waiting.Enqueue(append);
    }

    private static List<string> Acknowledged(Queue<MessagePartView> waiting, ulong upTo)
    {
        var keys = new List<string>();
        while (waiting.TryPeek(out var append) && append.Last <= upTo)
        {
            foreach (var key in waiting.Dequeue().Keys!.Where(key => keys.Count < MaxKeys && !keys.Contains(key)))
            {
                keys.Add(key);
            }
        }

        return keys;
    }
}
