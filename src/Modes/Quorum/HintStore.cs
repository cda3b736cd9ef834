namespace Cluster.Modes.Quorum;

/// <summary>What a replica keeps for others, apart from its own copies, until it has been handed over (Dynamo, section 4.6).</summary>
internal sealed class HintStore
{
    private readonly SortedDictionary<string, SortedDictionary<string, KeyState>> waiting = new(StringComparer.Ordinal);

    public int Count { get; private set; }

    /// <summary>Nodes for which something waits.</summary>
    public IReadOnlyList<string> Receivers => [.. waiting.Keys];

    public IEnumerable<HintKept> All => waiting.SelectMany(node => node.Value.Select(hint => new HintKept(node.Key, hint.Key, hint.Value)));

    public KeyState Find(string node, string key) => waiting.TryGetValue(node, out var keys) && keys.TryGetValue(key, out var state) ? state : KeyState.None;

    /// <summary>For whom the key waits.</summary>
    public IReadOnlyList<string> For(string key) => [.. waiting.Where(node => node.Value.ContainsKey(key)).Select(node => node.Key)];

    /// <summary>What is known of the key by what waits for others.</summary>
    public KeyState Known(string key) => waiting.Values.Aggregate(KeyState.None, (known, keys) => keys.TryGetValue(key, out var state) ? known.Join(state) : known);

    public void Keep(HintKept hint)
    {
        if (!waiting.TryGetValue(hint.For, out var keys))
        {
            waiting.Add(hint.For, keys = new SortedDictionary<string, KeyState>(StringComparer.Ordinal));
        }

        Count += keys.ContainsKey(hint.Key) ? 0 : 1;
        keys[hint.Key] = Find(hint.For, hint.Key).Join(hint.State);
    }

    public void Forget(HintsForgotten forgotten)
    {
        if (!waiting.TryGetValue(forgotten.For, out var keys))
        {
            return;
        }

        Count -= forgotten.Keys.Count(hint => keys.TryGetValue(hint.Key, out var state) && StateDigest.Of(hint.Key, state) == hint.Digest && keys.Remove(hint.Key));
        if (keys.Count == 0)
        {
            waiting.Remove(forgotten.For);
        }
    }

    /// <summary>The first that fit one message.</summary>
    public IReadOnlyList<KeyCopy> Batch(string node) => waiting.TryGetValue(node, out var keys) ? CopyBatch.Of(keys.Select(hint => new KeyCopy(hint.Key, hint.Value))) : [];
}
