namespace Cluster.Modes.Sharded;

/// <summary>The calls of one router that are not answered. Knows for each key which of its calls is the first without an answer, so that the owner can forget those before.</summary>
/// <param name="client">One life of one router: its calls are numbered anew in the next.</param>
internal sealed class OpenCalls(string client)
{
    private readonly SortedDictionary<long, (string Table, ShardOperation Operation, string Key, string? Value, string? Expected)> calls = [];
    private readonly Dictionary<(string Table, string Key), SortedSet<long>> byKey = [];

    public IEnumerable<long> All => calls.Keys;

    public bool Has(long number) => calls.ContainsKey(number);

    public IEnumerable<long> OfTable(string table) => calls.Where(call => call.Value.Table == table).Select(call => call.Key);

    /// <exception cref="KeyNotFoundException">It is not open.</exception>
    public (string Table, ShardOperation Operation, string Key) Of(long number) => (calls[number].Table, calls[number].Operation, calls[number].Key);

    /// <param name="number">Higher than of any call before.</param>
    public void Add(long number, string table, ShardOperation operation, string key, string? value, string? expected)
    {
        calls.Add(number, (table, operation, key, value, expected));
        if (!byKey.TryGetValue((table, key), out var open))
        {
            byKey.Add((table, key), open = []);
        }

        open.Add(number);
    }

    /// <summary>The call for a shard at an epoch.</summary>
    public ShardCall Message(long number, int shard, long epoch)
    {
        var (table, operation, key, value, expected) = calls[number];
        return new ShardCall(client, number, byKey[(table, key)].Min, table, shard, epoch, operation, key, value, expected);
    }

    public void Remove(long number)
    {
        if (calls.Remove(number, out var call) && byKey.TryGetValue((call.Table, call.Key), out var open) && open.Remove(number) && open.Count == 0)
        {
            byKey.Remove((call.Table, call.Key));
        }
    }
}
