using Cluster.Modes.Storage;

namespace Cluster.Modes.Quorum;

/// <summary>Asks every member what it has of a key, and makes one picture of it.</summary>
/// <param name="self">The node that was asked: what it knows of comparisons is told.</param>
internal sealed class WhereGather(long id, string key, HashRing ring, string self)
{
    private readonly Dictionary<string, KeyRead> replies = new(StringComparer.Ordinal);

    public IEnumerable<(string Node, object Message)> Asks => ring.Members.Where(member => !replies.ContainsKey(member)).Select(member => (member, (object)new ReadKey(id, 0, key, WithHints: true)));

    public bool IsComplete => replies.Count == ring.Members.Length;

    public void On(KeyRead reply)
    {
        if (ring.Members.Contains(reply.From))
        {
            replies[reply.From] = reply;
        }
    }

    /// <summary>With whoever has answered.</summary>
    public KeyWhereabouts Picture()
    {
        var preferred = ring.Preferred(key);
        var current = replies.Values.Aggregate(KeyState.None, (known, reply) => known.Join(reply.State ?? KeyState.None));
        var others = ring.Order(key).Where(member => !preferred.Contains(member) && replies.TryGetValue(member, out var reply) && reply.State is not null);
        var hints = replies.Values.SelectMany(reply => reply.Hints ?? []).CountBy(node => node).ToDictionary(node => node.Key, node => node.Value, StringComparer.Ordinal);
        return new KeyWhereabouts(key, null, [.. preferred.Select(node => Seen(node, current)), .. others.Select(node => Seen(node, current) with { State = "stands in" })])
        {
            Place = $"the first {preferred.Length} of {string.Join(", ", ring.Order(key))} clockwise from {HashRing.PointOf(key):x16}",
            Versions = current.Dotted.IsEmpty ? null : [.. current.Dotted.OrderByDescending(version => version.Tag).Select(version => FormattableString.Invariant($"{version.Tag} named {version.Stay}:{version.Sequence}"))],
            Hints = hints.Count == 0 ? null : hints,
            LastRepairMsAgo = replies.GetValueOrDefault(self)?.ComparedMsAgo,
            MerkleDifference = replies.GetValueOrDefault(self)?.Difference,
        };
    }

    private ReplicaWhereabouts Seen(string node, KeyState current)
    {
        if (!replies.TryGetValue(node, out var reply))
        {
            return new ReplicaWhereabouts(node, null, "no answer");
        }

        var state = reply.State ?? KeyState.None;
        return new ReplicaWhereabouts(
            node,
            state.Winner is null ? null : string.Join(" ", state.Standing.Select(stands => stands.Tag)),
            state.Winner is null ? "missing" : !state.Covers(current) ? "behind" : state.IsTombstone ? "deleted" : "current");
    }
}
