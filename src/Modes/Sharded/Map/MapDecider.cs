using Cluster.Engine.Port;

namespace Cluster.Modes.Sharded.Map;

/// <summary>
/// The shard map of one table: an entity, so a majority agrees on every change, in one order (as METADATA of Bigtable, 2006, section 5.1, or the config servers of MongoDB). Each change names what it
/// rests on, an epoch or a move, and does nothing where that has passed; the answer is always the map as it is then. So every command may be sent again, and late.
/// </summary>
public sealed class MapDecider : IDecider<ShardMap, MapCommand, MapChanged>
{
    /// <summary>Shards of one table: the whole map travels in one message, to every router.</summary>
    public const int MostShards = 256;

    /// <summary>Groups that a row of the list table may name, likewise.</summary>
    public const int MostGroups = 1_000;

    /// <summary>Of the hash table, for each node that is there when it is opened: enough to spread what later nodes get.</summary>
    public const int FirstShardsPerNode = 2;

    public static readonly EntityType<ShardMap, MapCommand, MapChanged> Type =
        new EntityType<ShardMap, MapCommand, MapChanged>("sharded-map", new MapDecider(), 1, ShardedJson.Default.ShardMap)
            .Message("read", 1, ShardedJson.Default.ReadMap)
            .Message("open", 1, ShardedJson.Default.OpenTable)
            .Message("split", 1, ShardedJson.Default.SplitRow)
            .Message("begin-move", 1, ShardedJson.Default.BeginMove)
            .Message("commit-move", 1, ShardedJson.Default.CommitMove)
            .Message("abort-move", 1, ShardedJson.Default.AbortMove)
            .Message("confirm", 1, ShardedJson.Default.ConfirmShard)
            .Message("changed", 1, ShardedJson.Default.MapChanged)
            .Message("map", 1, ShardedJson.Default.ShardMap);

    public ShardMap Empty => ShardMap.Unknown;

    public Decided<MapChanged> Decide(ShardMap state, MapCommand command, EntityContext context)
    {
        ArgumentNullException.ThrowIfNull(state);
        var epoch = state.Epoch + 1;
        IReadOnlyList<ShardRow> changed = command switch
        {
            OpenTable open when state.Rows.Count == 0 && open.Nodes.Count > 0 => First(context.EntityId, open.Nodes, epoch),
            SplitRow split when state.Find(split.Shard) is { MovingTo: null } row && row.Epoch == split.Epoch && state.Rows.Count < MostShards => Split(state, row, split, epoch),
            BeginMove move when state.Find(move.Shard) is { MovingTo: null } row && row.Epoch == move.Epoch && row.Owner != move.To => [row with { MovingTo = move.To, Move = epoch }],
            CommitMove move when state.Find(move.Shard) is { MovingTo: { } to } row && row.Move == move.Move => [row with { Owner = to, MovingTo = null, Epoch = epoch, IsNew = false }],
            AbortMove move when state.Find(move.Shard) is { MovingTo: not null } row && row.Move == move.Move => [row with { MovingTo = null }],
            ConfirmShard confirm when state.Find(confirm.Shard) is { IsNew: true } row && row.Owner == confirm.Owner => [row with { IsNew = false }],
            _ => [],
        };
        if (changed.Count == 0)
        {
            return Decided<MapChanged>.Answer(state);
        }

        var happened = new MapChanged(context.EntityId, epoch, changed);
        return Decided<MapChanged>.Accept(happened).With(Apply(state, happened));
    }

    public ShardMap Apply(ShardMap state, MapChanged @event)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(@event);
        var rows = state.Rows.Where(row => @event.Rows.All(changed => changed.Shard != row.Shard)).Concat(@event.Rows).OrderBy(row => row.From, StringComparer.Ordinal).ThenBy(row => row.Shard).ToList();
        return new ShardMap(@event.Table, @event.Epoch, rows.Max(row => row.Shard), rows);
    }

    /// <summary>The hash table is cut beforehand, since every part of it will have keys; the others begin whole, since nobody knows yet where their keys will lie.</summary>
    private static List<ShardRow> First(string table, IReadOnlyList<string> nodes, long epoch)
    {
        if (table != Partitioning.Hash)
        {
            return [new ShardRow(1, "", null, nodes[0], epoch) { IsNew = true, Groups = table == Partitioning.List ? [] : null, IsRest = table == Partitioning.List }];
        }

        var shards = Math.Min(nodes.Count * FirstShardsPerNode, MostShards / 2);
        string Cut(int number) => number == 0 ? "" : Partitioning.Slot(Shared.Slots.HashSlot.Count * number / shards);
        return [.. Enumerable.Range(0, shards).Select(number => new ShardRow(number + 1, Cut(number), number + 1 == shards ? null : Cut(number + 1), nodes[number % nodes.Count], epoch) { IsNew = true })];
    }

    private static List<ShardRow> Split(ShardMap state, ShardRow row, SplitRow split, long epoch)
    {
        var right = row with { Shard = state.LastShard + 1, Epoch = epoch, Parent = row.Shard, Move = 0 };
        if (row.Groups is not null)
        {
            var groups = split.Groups ?? [];
            var allowed = groups.Count > 0 && groups.All(row.Covers) && (row.IsRest ? row.Groups.Count + groups.Count <= MostGroups : groups.Count < row.Groups.Count);
            IReadOnlyList<string> left = row.IsRest ? [.. row.Groups, .. groups] : [.. row.Groups.Where(group => !groups.Contains(group))];
            return allowed ? [row with { Groups = left, Epoch = epoch }, right with { Groups = groups, IsRest = false }] : [];
        }

        return split.At is { } at && row.Covers(at) && at != row.From ? [row with { To = at, Epoch = epoch }, right with { From = at }] : [];
    }
}
