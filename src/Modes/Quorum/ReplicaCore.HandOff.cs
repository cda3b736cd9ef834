namespace Cluster.Modes.Quorum;

/// <content>Hinted hand-off (Dynamo, section 4.6), and the way of a key whose place has moved: it becomes a hint for each of its new nodes, and goes as hints go.</content>
internal sealed partial class ReplicaCore
{
    /// <summary>Keys that are moved in one round: a member that comes or goes moves many, and none of it is urgent.</summary>
    private const int MostMovedAtOnce = 200;

    /// <summary>What was sent to each node and not answered yet. The same is sent again until it is: a receiver may be slower than the rounds.</summary>
    private readonly Dictionary<string, HandOff> underWay = new(StringComparer.Ordinal);

    private long lastHandOff;

    public IReadOnlyList<string> Receivers => hints.Receivers;

    /// <summary>What is to be handed to that node now; null for nothing.</summary>
    public HandOff? BeginHandOff(string node) => underWay.TryGetValue(node, out var sent) ? sent with { Ring = ring.Id }
        : hints.Batch(node) is { Count: > 0 } batch ? underWay[node] = new HandOff(++lastHandOff, self, ring.Id, batch)
        : null;

    /// <summary>The events by which what was handed over is taken; null where the sender takes others for members, and is not answered.</summary>
    public IReadOnlyList<StateJoined>? Take(HandOff other) => IsOfThisRing(other.From, other.Ring)
        ? [.. other.Keys.Select(copy => Join(copy.Key, copy.State)).OfType<StateJoined>()]
        : null;

    /// <summary>The event by which what arrived is forgotten here; null where it is an old answer. What has changed since it was sent is kept, and sent again.</summary>
    public HintsForgotten? EndHandOff(HandOffTaken taken)
    {
        if (!underWay.TryGetValue(taken.From, out var sent) || sent.Number != taken.Number)
        {
            return null;
        }

        underWay.Remove(taken.From);
        return new HintsForgotten(taken.From, [.. sent.Keys.Select(copy => new KeyDigest(copy.Key, StateDigest.Of(copy.Key, copy.State)))]);
    }

    /// <summary>The events by which keys whose place is elsewhere go there.</summary>
    public IEnumerable<object> Move() => keys
        .Where(key => ring.Members.Length > 0 && !ring.Preferred(key.Key).Contains(self))
        .Take(MostMovedAtOnce).ToList()
        .SelectMany(key => ring.Preferred(key.Key).Select(node => (object)new HintKept(node, key.Key, key.Value)).Append(new KeyMoved(key.Key, StateDigest.Of(key.Key, key.Value))));
}
