namespace Cluster.Modes.Quorum;

/// <summary>
/// One node's copies: judges what comes, and keeps what is durable. Nothing changes before an event is applied, and what is answered is only what was applied: a reader that writes back must be able to
/// count on what a replica said.
/// </summary>
/// <param name="self">This node's name.</param>
internal sealed partial class ReplicaCore(string self)
{
    private readonly Dictionary<string, KeyState> keys = new(StringComparer.Ordinal);
    private readonly HintStore hints = new();
    private readonly MerkleForest trees = new(self);

    private HashRing ring = new([]);
    private long collected;

    public HashRing Ring => ring;

    public int Hints => hints.Count;

    public bool IsEmpty => keys.Count == 0 && hints.Count == 0;

    public IReadOnlyDictionary<string, KeyState> Keys => keys;

    /// <summary>What this node has of a key: its own copy, and what it keeps for others.</summary>
    public KeyState Known(string key) => hints.Count == 0 ? Own(key) : Own(key).Join(hints.Known(key));

    /// <summary>The members have changed, as far as this node knows.</summary>
    public void Place(HashRing placed)
    {
        ring = placed;
        trees.Place(placed, keys);
        ForgetHandOffs();
        ForgetAgreements();
    }

    public KeyRead Read(ReadKey asked)
    {
        var known = Known(asked.Key);
        return new KeyRead(
            asked.Id,
            self,
            Math.Max(collected, known.Counter),
            asked.CounterOnly || known.Equals(KeyState.None) ? null : known,
            asked.WithHints ? hints.For(asked.Key) : null);
    }

    /// <summary>Why this node does not store it; null when it does.</summary>
    public string? WhyNot(StoreKey asked) => asked.HintFor is { } node && node != self && hints.Count >= QuorumBounds.MostHints && hints.Find(node, asked.Key).Equals(KeyState.None)
        ? $"it keeps {QuorumBounds.MostHints} keys for others already"
        : null;

    /// <summary>The event by which it is stored; null when that would change nothing.</summary>
    public object? Store(StoreKey asked) => asked.HintFor is { } node && node != self
        ? hints.Find(node, asked.Key).Covers(asked.State) ? null : new HintKept(node, asked.Key, asked.State)
        : Join(asked.Key, asked.State);

    /// <summary>The event by which a state is joined into a key; null when that would change nothing.</summary>
    public StateJoined? Join(string key, KeyState state) => Own(key).Covers(state) ? null : new StateJoined(key, state);

    /// <summary>An event is durable.</summary>
    public void Apply(object happened)
    {
        switch (happened)
        {
            case StateJoined joined:
                Set(joined.Key, Own(joined.Key).Join(joined.State));
                break;
            case VersionNumbered version:
                Set(version.Key, Own(version.Key).Join(version.State));
                Numbered(version);
                break;
            case VersionRefused refused:
                recent.Remember(refused.Write, refused.Why);
                break;
            case HintKept hint:
                hints.Keep(hint);
                break;
            case HintsForgotten forgotten:
                hints.Forget(forgotten);
                break;
            case KeyMoved moved when StateDigest.Of(moved.Key, Own(moved.Key)) == moved.Digest:
                Set(moved.Key, KeyState.None);
                break;
            case TombstoneCollected gone:
                collected = Math.Max(collected, gone.Counter);
                if (Own(gone.Key) is { IsTombstone: true } tombstone && tombstone.Counter == gone.Counter)
                {
                    Set(gone.Key, KeyState.None);
                }

                break;
        }
    }

    public ReplicaSnapshot Snapshot() => new(
        [.. keys.OrderBy(key => key.Key, StringComparer.Ordinal).Select(key => new KeyCopy(key.Key, key.Value))],
        [.. hints.All],
        sequence,
        collected,
        [.. recent.Numbered],
        [.. stays.Where(stay => keys.ContainsKey(stay.Key)).OrderBy(stay => stay.Key, StringComparer.Ordinal).Select(stay => new KeyStay(stay.Key, stay.Value))],
        [.. recent.Refused]);

    public void Restore(ReplicaSnapshot snapshot)
    {
        foreach (var copy in snapshot.Keys)
        {
            Set(copy.Key, copy.State);
        }

        foreach (var hint in snapshot.Hints)
        {
            hints.Keep(hint);
        }

        foreach (var write in snapshot.Recent)
        {
            recent.Remember(write);
        }

        foreach (var refused in snapshot.Refused ?? [])
        {
            recent.Remember(refused.Write, refused.Why);
        }

        foreach (var stay in snapshot.Stays ?? [])
        {
            stays[stay.Key] = stay.Stay;
        }

        (sequence, collected) = (snapshot.Sequence, snapshot.Collected);
    }

    private KeyState Own(string key) => keys.GetValueOrDefault(key) ?? KeyState.None;

    private void Set(string key, KeyState state)
    {
        trees.Change(key, Own(key), state);
        Mark(key, state);
        if (state.Equals(KeyState.None))
        {
            keys.Remove(key);
            stays.Remove(key); // What was numbered here is no longer known here: the next version must not claim to have seen it.
            return;
        }

        keys[key] = state;
    }
}
