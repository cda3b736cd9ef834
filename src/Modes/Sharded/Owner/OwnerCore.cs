using Cluster.Modes.Sharded.Map;

namespace Cluster.Modes.Sharded.Owner;

/// <summary>
/// The shards of one node: what it may decide on, and what it sends elsewhere. A call names the epoch of its shard's row in the map that it came by; the owner takes none but its own, so whoever has an old map is corrected
/// and never served (as in MongoDB's shard versions). Nothing changes except by events, which are durable first.
/// </summary>
/// <param name="node">Its name, as the map has it.</param>
/// <param name="clock">Monotonic, for what takes too long.</param>
/// <param name="checksEpochs">False only in a broken variant: whatever this node ever had it serves.</param>
internal sealed partial class OwnerCore(string node, Func<TimeSpan> clock, bool checksEpochs = true)
{
    private readonly Dictionary<(string Table, int Shard), HeldShard> held = [];
    private readonly Dictionary<(string Table, int Shard), ArrivingShard> arriving = [];

    /// <summary>What keys are about to be, by the events that are not durable yet.</summary>
    private readonly Dictionary<(string Table, string Key), KeyEntry> coming = [];

    /// <summary>The newest map of each table that was looked at.</summary>
    private readonly Dictionary<string, ShardMap> maps = new(StringComparer.Ordinal);

    /// <summary>Shards that the map gives to this node, which has not got them: the disk that they were on is gone.</summary>
    private readonly HashSet<(string Table, int Shard)> lost = [];

    public IReadOnlyDictionary<(string Table, int Shard), HeldShard> Held => held;

    public IReadOnlyDictionary<(string Table, int Shard), ArrivingShard> Arriving => arriving;

    /// <summary>Tables of which it has, or is to get, something.</summary>
    public IEnumerable<string> Tables => held.Keys.Concat(arriving.Keys).Select(key => key.Table).Distinct();

    public ShardMap MapOf(string table) => maps.GetValueOrDefault(table, ShardMap.Unknown);

    public HeldShard? Find(string table, int shard) => held.GetValueOrDefault((table, shard));

    /// <summary>For the variant without a map: one shard of each table that has all places.</summary>
    public void OwnEverything()
    {
        foreach (var table in Partitioning.Tables)
        {
            held[(table, 0)] = new HeldShard(new ShardRow(0, "", null, node, 0));
        }
    }

    /// <summary>Judges a call. Nothing changes before <see cref="Apply(object)"/>.</summary>
    /// <param name="hasRoom">
    /// False: the disk stands still, and nothing more goes into its queue. Such a call is not refused, for that would say that it has no effect: a copy of it may be in the queue already, or come when there is room.
    /// </param>
    public OwnerMove Decide(ShardCall call, bool hasRoom = true) =>
        Judge(call.Table, call.Shard, call.Epoch, Partitioning.PlaceOf(call.Table, call.Key), out var shard) ?? Carry(call, shard, hasRoom);

    /// <summary>What is to be done instead where the shard does not serve who comes by that epoch; null: it does.</summary>
    /// <param name="place">Must be the shard's; null: any.</param>
    private OwnerMove? Judge(string table, int number, long epoch, string? place, out HeldShard shard)
    {
        shard = Find(table, number)!;
        if (!checksEpochs && shard is null && place is not null)
        {
            shard = HolderOf(table, place)!;
        }

        if (lost.Contains((table, number)))
        {
            return new OwnerMove(Refusal: $"{node} owns shard {number} of {table}, and has lost its disk: the shard's keys are gone, since a shard has one copy");
        }

        // A newer epoch than this node has looked at: it may have become the owner, or the shard may have been split.
        if (shard is null || (checksEpochs && epoch > shard.Row.Epoch))
        {
            var map = MapOf(table);
            return shard is not null || epoch > map.Epoch || map.Find(number)?.Owner == node ? new OwnerMove(Wait: true) : new OwnerMove(Elsewhere: map.Epoch);
        }

        if (!checksEpochs)
        {
            return null;
        }

        return epoch < shard.Row.Epoch || (place is not null && !shard.Row.Covers(place)) ? new OwnerMove(Elsewhere: Math.Max(MapOf(table).Epoch, shard.Row.Epoch))
            : shard.Serves ? null
            : new OwnerMove(Wait: true);
    }

    private OwnerMove Carry(ShardCall call, HeldShard shard, bool hasRoom)
    {
        var durable = shard.Entries.GetValueOrDefault(call.Key) ?? KeyEntry.Absent(call.Key);
        if (call.Operation == ShardOperation.Get)
        {
            return new OwnerMove(Reply: new ShardAnswer(call.Number, durable.Value, durable.Version));
        }

        if (!hasRoom)
        {
            return OwnerMove.Nothing;
        }

        var entry = coming.GetValueOrDefault((call.Table, call.Key), durable);
        if (entry.IsOver(call))
        {
            return OwnerMove.Nothing;
        }

        if (entry.AnswerTo(call) is { } answered)
        {
            return new OwnerMove(Reply: answered, Durably: true);
        }

        var next = call.Operation == ShardOperation.CompareAndSet && entry.Value != call.Expected ? entry.Denying(call) : entry.After(call, call.Operation == ShardOperation.Delete ? null : call.Value);
        coming[(call.Table, call.Key)] = next;
        return new OwnerMove(Event: new EntryWritten(call.Table, next));
    }

    /// <summary>The shard that has the place, whatever its number: a write may have been decided before the shard was split.</summary>
    private HeldShard? HolderOf(string table, string place) => held.Where(one => one.Key.Table == table && one.Value.Row.Covers(place)).Select(one => one.Value).FirstOrDefault();
}
