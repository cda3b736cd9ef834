using System.Text.Json;
using Cluster.Engine.Port;
using Cluster.Modes.Hosting;
using Cluster.Modes.Sharded.Balancing;
using Cluster.Modes.Sharded.Map;

namespace Cluster.Modes.Sharded.Owner;

/// <summary>A node's shards on its disk: answers calls, copies shards to other owners, keeps up with the map, and tells the balancer what there is to do. Idle until somebody calls.</summary>
internal sealed partial class OwnerActor : PersistentActor
{
    public const string ActorName = "owner";

    /// <summary>Calls that wait here; more are dropped, and sent again by their routers.</summary>
    public const int MailboxCapacity = 50_000;

    /// <summary>Events that have room to finish what is under way when the disk stands still.</summary>
    private const int SpareEvents = 1_000;

    /// <summary>Between two sendings of what has not been answered: a few times what an answer takes under load.</summary>
    private static readonly TimeSpan ResendInterval = TimeSpan.FromMilliseconds(400);

    private readonly IModeNode node;
    private readonly OwnerCore core;
    private readonly MapAccess maps;
    private readonly WaitingCalls waiting = new();

    public OwnerActor(IModeNode node)
    {
        this.node = node;
        var time = Context.System.Time;
        core = new OwnerCore(node.Name.ToString(), time.Elapsed, !node.HasFlaw(ShardedMode.NoEpochCheck) && !node.HasFlaw(ShardedMode.HashModN));
        maps = new MapAccess(node.Sharding.Start(MapDecider.Type), () => Self);
        balancer = node.Singletons.Proxy(BalancerActor.SingletonName);
        if (node.HasFlaw(ShardedMode.HashModN))
        {
            core.OwnEverything();
        }
    }

    protected override string PersistenceId => "sharded";

    private TimeSpan Now => Context.System.Time.Elapsed();

    protected override void ReceiveRecover(object message)
    {
        switch (message)
        {
            case SnapshotOffer { Snapshot: var bytes }:
                core.Restore(JsonSerializer.Deserialize(bytes, ShardedJson.Default.OwnerSnapshot)!);
                break;
            case RecoveryCompleted:
                LookUpAll();
                break;
            default:
                core.Apply(message);
                break;
        }
    }

    protected override void ReceiveCommand(object message)
    {
        switch (message)
        {
            case ShardCall call:
                Take(call, Sender);
                break;
            case ShardScan scan:
                Page(scan);
                break;
            case ShardMap map:
                maps.Answered(map);
                core.Look(map);
                Context.Parent.Tell(map, Self); // The router of this node need not ask for what is here.
                Follow(map.Table);
                break;
            case EntityUnavailable or EntityRefused:
                maps.NotAnswered(); // The next round asks again.
                break;
            case MapMoved moved:
                maps.Want(moved.Table, moved.Epoch, core.MapOf(moved.Table).Epoch);
                Watch();
                break;
            case ShardBatch batch:
                Store(batch, Sender);
                break;
            case BatchStored stored when core.Stored(stored, Now):
                Step(stored.Table, stored.Shard);
                break;
            case BatchStored:
                break; // The second word of the same.
            case SplitOrder order:
                Sender.Tell(new OrderTaken(order.Number, Split(order)), Self);
                break;
            case MoveOrder order:
                Sender.Tell(new OrderTaken(order.Number, Move(order)), Self);
                break;
            case Round:
                GoRound();
                break;
            case Report:
                TellLoad();
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    protected override byte[] TakeSnapshot() => JsonSerializer.SerializeToUtf8Bytes(core.Snapshot(), ShardedJson.Default.OwnerSnapshot);

    private void Take(ShardCall call, IActorRef router)
    {
        switch (core.Decide(call, !IsBehind(SpareEvents)))
        {
            case { Event: { } written }:
                Count(call);
                PersistAsync(written, happened =>
                {
                    core.Apply(happened);
                    router.Tell(happened.Entry.AnswerTo(call)!, Self);
                });
                break;
            case { Reply: { } reply, Durably: true }:
                Count(call);
                DeferAsync(() => router.Tell(reply, Self));
                break;
            case { Reply: { } reply }:
                Count(call);
                router.Tell(reply, Self);
                break;
            case { Wait: true }:
                waiting.Add(call, router);
                maps.Want(call.Table, call.Epoch, core.MapOf(call.Table).Epoch);
                Watch();
                break;
            case { Elsewhere: { } epoch }:
                router.Tell(new ShardElsewhere(call.Number, call.Table, epoch), Self);
                break;
            case { Refusal: { } why }:
                router.Tell(new ShardRefused(call.Number, why), Self);
                break;
        }
    }

    /// <summary>A scan that would have to wait is not kept: its router asks again.</summary>
    private void Page(ShardScan scan)
    {
        switch (core.Scan(scan))
        {
            case ({ } page, _):
                Sender.Tell(page, Self);
                break;
            case (_, { Elsewhere: { } epoch }):
                Sender.Tell(new ShardElsewhere(scan.Number, scan.Table, epoch), Self);
                break;
            case (_, { Refusal: { } why }):
                Sender.Tell(new ShardRefused(scan.Number, why), Self);
                break;
            default:
                maps.Want(scan.Table, scan.Epoch, core.MapOf(scan.Table).Epoch);
                Watch();
                break;
        }
    }

    /// <summary>Everything that follows from the map of a table, the calls that waited for it among it.</summary>
    private void Follow(string table)
    {
        foreach (var happens in core.Follow(table))
        {
            PersistAsync(happens, happened => Happened(table, happened));
        }

        if (core.Unconfirmed(table) is { } row)
        {
            maps.Send(table, new ConfirmShard(row.Shard, node.Name.ToString()));
        }

        foreach (var shard in core.Departing.Keys.Where(key => key.Table == table).Select(key => key.Shard).ToList())
        {
            Step(table, shard);
        }

        Watch();
        foreach (var (call, router) in waiting.Take(table))
        {
            Take(call, router);
        }
    }

    private void Happened(string table, object happened)
    {
        Say(table, happened);
        core.Apply(happened);
        Follow(table);
    }

    private void Store(ShardBatch batch, IActorRef owner)
    {
        if (IsBehind(SpareEvents))
        {
            return; // It comes again.
        }

        if (!core.MayArrive(batch))
        {
            return; // Of a move that has ended: whoever sends it will see that in the map.
        }

        PersistAsync(new BatchReceived(batch.Table, batch.Shard, batch.Move, batch.Entries), happened =>
        {
            core.Apply(happened);
            owner.Tell(new BatchStored(batch.Table, batch.Shard, batch.Move, batch.Batch), Self);
        });
    }

    /// <summary>After a restart: shards that were to be given away, or to come, or to be cut, are looked up. What it served it may serve at once: only this node can give it away.</summary>
    private void LookUpAll()
    {
        if (node.HasFlaw(ShardedMode.HashModN))
        {
            return; // There is no map.
        }

        foreach (var table in core.Tables.ToList())
        {
            maps.Want(table, 1);
        }

        Watch();
    }

    private void GoRound()
    {
        maps.SendWanted();
        foreach (var table in core.Tables.ToList())
        {
            Follow(table);
        }
    }

    /// <summary>Goes round while something is unanswered, and no longer.</summary>
    private void Watch()
    {
        var busy = maps.IsWaiting || waiting.Count > 0 || core.Departing.Count > 0 || core.Tables.Any(table => core.Unconfirmed(table) is not null);
        if (busy == Timers.IsActive(nameof(Round)))
        {
            return;
        }

        if (busy)
        {
            Timers.StartPeriodic(nameof(Round), Round.Instance, ResendInterval);
        }
        else
        {
            Timers.Cancel(nameof(Round));
        }
    }

    private sealed record Round
    {
        public static readonly Round Instance = new();
    }

    private sealed record Report
    {
        public static readonly Report Instance = new();
    }
}
