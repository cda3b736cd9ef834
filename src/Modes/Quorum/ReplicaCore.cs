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
    private readonly LinkedList<long> recent = new();
    private readonly HashSet<long> numbered = [];

    /// <summary>What keys are about to be, by the versions that were numbered and are not durable yet: the next version must know of them.</summary>
    private readonly Dictionary<string, KeyState> coming = new(StringComparer.Ordinal);

    /// <summary>Tombstones, and since when, on this node's own clock that never goes back.</summary>
    private readonly Dictionary<string, TimeSpan> tombstones = new(StringComparer.Ordinal);

    private HashRing ring = new([]);
    private long sequence;
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
        confirmed.Clear();
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

    /// <summary>Whether a write with a context was numbered here already: then its key's state is the answer, once it is durable.</summary>
    public bool HasNumbered(long write) => numbered.Contains(write);

    /// <summary>Gives a version its dot. Null: the key has too many side by side.</summary>
    public VersionNumbered? Number(AddVersion asked)
    {
        var known = Known(asked.Key).Join(asked.Known).Join(coming.GetValueOrDefault(asked.Key) ?? KeyState.None);
        var version = new DottedVersion(self, sequence + 1, new Tag(asked.Counter, self, asked.Write), asked.Value);
        var state = known.Add(version, asked.Context);
        if (state.Standing.Length > QuorumBounds.MostVersions)
        {
            return null;
        }

        sequence++;
        coming[asked.Key] = state;
        Remember(asked.Write);
        return new VersionNumbered(asked.Key, state, sequence, asked.Write);
    }

    /// <summary>An event is durable.</summary>
    /// <param name="now">Of a clock that never goes back.</param>
    public void Apply(object happened, TimeSpan now)
    {
        switch (happened)
        {
            case StateJoined joined:
                Set(joined.Key, Own(joined.Key).Join(joined.State), now);
                break;
            case VersionNumbered version:
                sequence = Math.Max(sequence, version.Sequence);
                Remember(version.Write);
                Set(version.Key, Own(version.Key).Join(version.State), now);
                if (coming.GetValueOrDefault(version.Key) is { } last && Own(version.Key).Covers(last))
                {
                    coming.Remove(version.Key);
                }

                break;
            case HintKept hint:
                hints.Keep(hint);
                break;
            case HintsForgotten forgotten:
                hints.Forget(forgotten);
                break;
            case KeyMoved moved when StateDigest.Of(moved.Key, Own(moved.Key)) == moved.Digest:
                Set(moved.Key, KeyState.None, now);
                break;
            case TombstoneCollected gone:
                collected = Math.Max(collected, gone.Counter);
                if (Own(gone.Key) is { IsTombstone: true } tombstone && tombstone.Counter == gone.Counter)
                {
                    Set(gone.Key, KeyState.None, now);
                }

                break;
        }
    }

    public ReplicaSnapshot Snapshot() => new(
        [.. keys.OrderBy(key => key.Key, StringComparer.Ordinal).Select(key => new KeyCopy(key.Key, key.Value))],
        [.. hints.All],
        sequence,
        collected,
        [.. recent]);

    public void Restore(ReplicaSnapshot snapshot, TimeSpan now)
    {
        foreach (var copy in snapshot.Keys)
        {
            Set(copy.Key, copy.State, now);
        }

        foreach (var hint in snapshot.Hints)
        {
            hints.Keep(hint);
        }

        foreach (var write in snapshot.Recent)
        {
            Remember(write);
        }

        (sequence, collected) = (snapshot.Sequence, snapshot.Collected);
    }

    private KeyState Own(string key) => keys.GetValueOrDefault(key) ?? KeyState.None;

    private void Set(string key, KeyState state, TimeSpan now)
    {
        trees.Change(key, Own(key), state);
        if (state.Equals(KeyState.None))
        {
            keys.Remove(key);
            tombstones.Remove(key);
            return;
        }

        keys[key] = state;
        if (state.IsTombstone)
        {
            tombstones.TryAdd(key, now);
        }
        else
        {
            tombstones.Remove(key);
        }
    }

    private void Remember(long write)
    {
        if (!numbered.Add(write))
        {
            return;
        }

        recent.AddLast(write);
        if (recent.Count > QuorumBounds.MostRecent)
        {
            numbered.Remove(recent.First!.Value);
            recent.RemoveFirst();
        }
    }
}
