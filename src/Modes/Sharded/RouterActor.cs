using Cluster.Engine.Port;
using Cluster.Modes.Hosting;
using Cluster.Modes.Sharded.Balancing;
using Cluster.Modes.Sharded.Map;
using Cluster.Modes.Sharded.Owner;
using Cluster.Modes.Storage;
using Cluster.Shared.Results;

namespace Cluster.Modes.Sharded;

/// <summary>
/// The door on each node, and a router: finds a key's shard in its copy of the shard map, calls the owner, sends again until it is answered, and when it is told that its map is old asks for a newer one and
/// calls the owner that this names.
/// </summary>
internal sealed partial class RouterActor : Actor
{
    /// <summary>Between two sendings of a call: a few times what an answer takes under load.</summary>
    private static readonly TimeSpan ResendInterval = TimeSpan.FromMilliseconds(400);

    private readonly IModeNode node;
    private readonly OpenRequests open;
    private readonly MapAccess access;
    private readonly IActorRef balancer;
    private readonly IActorRef owner;
    private readonly OpenCalls calls;
    private readonly Dictionary<string, ShardMap> maps = new(StringComparer.Ordinal);
    private readonly ModuloRouting? modulo;

    public RouterActor(IModeNode node)
    {
        this.node = node;
        open = new OpenRequests(node, Timers, () => Self);
        access = new MapAccess(node.Sharding.Start(MapDecider.Type), () => Self);
        calls = new OpenCalls($"{node.Name}-{Context.System.Random.NextInt64():x}");
        balancer = node.Singletons.Start(BalancerActor.SingletonName, _ => Props.Create(() => new BalancerActor(node)));
        owner = Context.ActorOf(Props.Create(() => new OwnerActor(node)).WithMailbox(OwnerActor.MailboxCapacity, MailboxOverflow.DropNewest), OwnerActor.ActorName);
        modulo = node.HasFlaw(ShardedMode.HashModN) ? new ModuloRouting() : null;
    }

    protected override void Receive(object message)
    {
        switch (message)
        {
            case ModeRequest request:
                Take(request);
                break;
            case ShardAnswer answer:
                Answer(answer);
                break;
            case ShardPage page:
                TakePage(page);
                break;
            case ShardElsewhere elsewhere:
                access.Want(elsewhere.Table, elsewhere.Epoch, MapOf(elsewhere.Table).Epoch);
                break;
            case ShardRefused refused:
                Close(refused.Number, ModeAnswer.Failed(new ClusterError(ErrorCode.Unavailable, refused.Why)));
                break;
            case ShardMap map:
                Learn(map);
                break;
            case EntityUnavailable or EntityRefused:
                access.NotAnswered(); // The next round asks again.
                break;
            case LoadsTold told:
                Close(told.Number, Table(told));
                break;
            case OrderTaken taken:
                Answer(taken);
                break;
            case Round:
                GoRound();
                break;
            case RequestExpired expired:
                Expire(expired);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private ShardMap MapOf(string table) => maps.GetValueOrDefault(table, ShardMap.Unknown);

    private void Take(ModeRequest request)
    {
        if (!open.TryOpen(Sender, request, out var id))
        {
            return;
        }

        if (!Timers.IsActive(nameof(Round)))
        {
            Timers.StartPeriodic(nameof(Round), Round.Instance, ResendInterval);
        }

        var table = request.Text(ShardedOperations.By);
        if (ShardedOperations.OperationOf(request.Operation) is { } operation)
        {
            calls.Add(id, table, operation, request.Text(StorageOperations.Key), request.Find(StorageOperations.Value), request.Find(StorageOperations.Expected));
            Send(id);
        }
        else if (MapOf(table).Rows.Count == 0)
        {
            LookUp(table); // Served when the map comes.
        }
        else
        {
            Serve(id, request);
        }
    }

    private void Send(long id)
    {
        var (table, _, key) = calls.Of(id);
        var place = Partitioning.PlaceOf(table, key);
        if (modulo is not null)
        {
            if (modulo.OwnerOf(place, node) is { } byModulo)
            {
                Tell(byModulo, calls.Message(id, 0, 0));
            }
        }
        else if (MapOf(table).Find(place) is { } row)
        {
            Tell(row.Owner, calls.Message(id, row.Shard, row.Epoch));
        }
        else
        {
            LookUp(table);
        }
    }

    /// <summary>The owner on a node; nobody, where that is no member: the call goes again with the next round.</summary>
    private void Tell(string name, object message)
    {
        if (name == node.Name.ToString())
        {
            owner.Tell(message, Self);
        }
        else if (node.Members.Current.FirstOrDefault(member => member.Name.ToString() == name) is { } member)
        {
            Context.System.Resolve(owner.Path.WithAddress(new ActorAddress(member.Name, member.Address)).WithUid(0).ToString()).Tell(message, Self);
        }
    }

    /// <summary>Asks for the map, which opens the table if nobody has: for the members that are up, oldest first.</summary>
    private void LookUp(string table) =>
        access.Send(table, new OpenTable([.. node.Members.Current.Where(member => member.IsUp).OrderBy(member => member.Age).Select(member => member.Name.ToString())]));

    private void Learn(ShardMap map)
    {
        access.Answered(map);
        if (map.Epoch <= MapOf(map.Table).Epoch)
        {
            return;
        }

        var before = MapOf(map.Table);
        maps[map.Table] = map;
        foreach (var id in calls.OfTable(map.Table).ToList())
        {
            // Those whose owner is the same are being answered.
            var place = Partitioning.PlaceOf(map.Table, calls.Of(id).Key);
            if (before.Find(place) is not { } was || map.Find(place) is not { } row || was.Shard != row.Shard || was.Epoch != row.Epoch)
            {
                Send(id);
            }
        }

        BeginScans(map);
        foreach (var (id, request) in open.All.Where(one => ShardedOperations.OperationOf(one.Request.Operation) is null && one.Request.Text(ShardedOperations.By) == map.Table && !served.Contains(one.Id)).ToList())
        {
            Serve(id, request);
        }
    }

    private void GoRound()
    {
        if (open.Count == 0)
        {
            Timers.Cancel(nameof(Round));
            return;
        }

        access.SendWanted();
        foreach (var id in calls.All.ToList())
        {
            Send(id);
        }

        foreach (var id in scans.Keys.ToList())
        {
            GoOn(id);
        }

        foreach (var (_, request) in open.All.Where(one => ShardedOperations.OperationOf(one.Request.Operation) is null).ToList())
        {
            if (MapOf(request.Text(ShardedOperations.By)).Rows.Count == 0)
            {
                LookUp(request.Text(ShardedOperations.By));
            }
        }
    }

    private void Answer(ShardAnswer answer)
    {
        if (!calls.Has(answer.Number))
        {
            return;
        }

        var (_, operation, key) = calls.Of(answer.Number);
        var version = answer.Version == 0 ? null : answer.Version.ToString(System.Globalization.CultureInfo.InvariantCulture);
        Close(answer.Number, answer.IsConflict
            ? ModeAnswer.Conflict($"another value stands at {key}, at version {answer.Version}")
            : operation == ShardOperation.Get
                ? ModeAnswer.Ok(new StoredValue(key, answer.Value, version) { From = (Sender.Path.Address?.Node ?? node.Name).ToString() }, StorageJson.Default.StoredValue)
                : ModeAnswer.Ok(new StoredWrite(key, version) { Copies = 1, Replaced = answer.Replaced }, StorageJson.Default.StoredWrite));
    }

    private void Expire(RequestExpired expired)
    {
        var request = open.Find(expired.Id);
        var (table, isRead, who) = ("", true, "nobody");
        if (calls.Has(expired.Id))
        {
            var asked = calls.Of(expired.Id);
            (table, isRead) = (asked.Table, asked.Operation == ShardOperation.Get);
            who = MapOf(table).Find(Partitioning.PlaceOf(table, asked.Key)) is { } row ? $"the owner of shard {row.Shard} of {table}, {row.Owner}," : "the shard map";
            isRead |= MapOf(table).Rows.Count == 0 && modulo is null;
        }
        else if (request is not null)
        {
            isRead = request.Operation is not (ShardedOperations.Split or ShardedOperations.Move);
            who = isRead ? "the balancer or the shard map" : "the shard's owner";
        }

        Forget(expired.Id);
        open.Expire(expired, isRead, $"{who} has not answered {node.Name}");
    }

    private void Close(long id, ModeAnswer answer)
    {
        Forget(id);
        open.Close(id, answer);
    }

    private void Forget(long id)
    {
        calls.Remove(id);
        served.Remove(id);
        scans.Remove(id);
    }

    private sealed record Round
    {
        public static readonly Round Instance = new();
    }
}
