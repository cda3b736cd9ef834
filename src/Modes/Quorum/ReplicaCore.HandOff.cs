namespace Cluster.Modes.Quorum;

/// <content>Hinted hand-off (Dynamo, section 4.6), and the way of a key whose place has moved, or that waits for a member that is gone: it becomes a hint for each of its new nodes, and goes as hints go.</content>
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
        .SelectMany(key => ToPreferred(key.Key, key.Value).Append(new KeyMoved(key.Key, StateDigest.Of(key.Key, key.Value))));

    /// <summary>
    /// The events by which what waits for somebody who is no member any more goes to the nodes that are to have the key now: it may be the only copy of a write that was acknowledged, and nobody will ever ask for it
    /// under the old name. Called when the ring has settled: who is replaced at once is a member again by then.
    /// </summary>
    public IEnumerable<object> Redirect() => hints.All
        .Where(hint => ring.Members.Length > 0 && !ring.Members.Contains(hint.For))
        .Take(MostMovedAtOnce).ToList()
        .SelectMany(hint => ToPreferred(hint.Key, hint.State).Append(new HintsForgotten(hint.For, [new KeyDigest(hint.Key, StateDigest.Of(hint.Key, hint.State))])));

    /// <summary>What was sent to somebody who is no member any more is not sent again: a successor of that name gets what waits by then.</summary>
    private void ForgetHandOffs()
    {
        foreach (var gone in underWay.Keys.Where(node => !ring.Members.Contains(node)).ToList())
        {
            underWay.Remove(gone);
        }
    }

    /// <summary>The events by which a key goes to the nodes that are to have it.</summary>
    private IEnumerable<object> ToPreferred(string key, KeyState state) => ring.Preferred(key)
        .Select(node => node == self ? Join(key, state) : (object)new HintKept(node, key, state)).OfType<object>();
}
