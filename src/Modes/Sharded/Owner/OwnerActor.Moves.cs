using System.Globalization;
using Cluster.Engine.Port;

namespace Cluster.Modes.Sharded.Owner;

/// <summary>Splits and moves: orders, batches to the other owner, and what people are told of them.</summary>
internal sealed partial class OwnerActor
{
    /// <summary>Null: it is being carried out.</summary>
    private string? Split(SplitOrder order)
    {
        if (WhyNot(order.Table, order.Shard, out var shard) is { } why)
        {
            return why;
        }

        var at = order.At is { } asked ? Partitioning.PlaceOf(order.Table, asked) : null;
        var cut = at is null ? loads.GetValueOrDefault((order.Table, order.Shard))?.Cut(shard.Row)
            : shard.Row.Groups is null ? new SplitRow(order.Shard, shard.Row.Epoch, at, null)
            : new SplitRow(order.Shard, shard.Row.Epoch, null, [at]);
        if (cut is null)
        {
            return "its calls go to one place, or there are none: say where to cut";
        }

        if (at is not null && (!shard.Row.Covers(at) || at == shard.Row.From))
        {
            return $"it has {shard.Row.Words}, so it cannot be cut at {at}";
        }

        maps.Send(order.Table, cut);
        Watch();
        return null;
    }

    private string? Move(MoveOrder order)
    {
        if (WhyNot(order.Table, order.Shard, out var shard) is { } why)
        {
            return why;
        }

        if (node.Members.Current.All(member => member.Name.ToString() != order.To || !member.IsUp) || order.To == node.Name.ToString())
        {
            return order.To == node.Name.ToString() ? $"{order.To} owns it already" : $"{order.To} is no member that is up";
        }

        maps.Send(order.Table, new BeginMove(order.Shard, shard.Row.Epoch, order.To));
        Watch();
        return null;
    }

    private string? WhyNot(string table, int number, out HeldShard shard)
    {
        shard = core.Find(table, number)!;
        return shard is null ? $"{node.Name} does not own shard {number} of {table}"
            : !shard.Serves || core.Departing.ContainsKey((table, number)) ? $"shard {number} of {table} is on the move"
            : null;
    }

    private void Step(string table, int shard)
    {
        switch (core.Step(table, shard, Now))
        {
            case ShardBatch batch when OwnerAt(core.Departing[(table, shard)].To) is { } other:
                other.Tell(batch, Self);
                break;
            case SwitchBegun begun:
                PersistAsync(begun, happened => Happened(table, happened));
                break;
            case CommitMove commit:
                maps.Send(table, commit);
                break;
            case AbortMove abort:
                maps.Send(table, abort);
                break;
        }
    }

    /// <summary>The owner on another node; null where that is no member any more.</summary>
    private IActorRef? OwnerAt(string name) => node.Members.Current.FirstOrDefault(member => member.Name.ToString() == name) is { } member
        ? Context.System.Resolve(Self.Path.WithAddress(new ActorAddress(member.Name, member.Address)).WithUid(0).ToString())
        : null;

    /// <summary>Called before it is applied.</summary>
    private void Say(string table, object happens)
    {
        switch (happens)
        {
            case ShardGivenAway given when core.Departing.GetValueOrDefault((table, given.Shard)) is { } departure:
                var closed = departure.ClosedAt is { } at ? string.Create(CultureInfo.InvariantCulture, $", closed for {(Now - at).TotalMilliseconds:0} ms") : "";
                node.Tell($"shard {given.Shard} of {table} has moved from {node.Name} to {given.To}: {departure.Sent} keys sent{closed}");
                OwnerAt(given.To)?.Tell(new MapMoved(table, given.Epoch), Self);
                break;
            case ShardGivenAway given:
                OwnerAt(given.To)?.Tell(new MapMoved(table, given.Epoch), Self);
                break;
            case ShardSplit split:
                node.Tell($"shard {split.Left.Shard} of {table} on {node.Name} is cut in two: {split.Left.Shard} has {split.Left.Words}, {split.Right.Shard} has {split.Right.Words}");
                break;
            case SwitchEnded ended:
                node.Tell($"shard {ended.Shard} of {table} stays on {node.Name}: its move was given up");
                break;
        }
    }
}
