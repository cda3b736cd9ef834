using System.Collections.Immutable;
using Cluster.Engine.Port;
using Cluster.Modes.DistributedDatabase.Ranges;
using Cluster.Modes.DistributedDatabase.Timestamps;
using Cluster.Modes.DistributedDatabase.Transactions;
using Cluster.Modes.Hosting;
using Cluster.Modes.Storage;
using Cluster.Shared.Results;

namespace Cluster.Modes.DistributedDatabase;

/// <summary>The query router on each node: makes a transaction of each request, with a coordinator of its own, and looks now and then for what coordinators that died have left.</summary>
internal sealed class DistributedDatabaseActor : Actor
{
    /// <summary>Requests of one node at a time: whoever waits behind so many has given up by its turn.</summary>
    private const int MostRequests = 5_000;

    /// <summary>Between two looks at one range for what was left, once this node has been asked anything: all ranges are seen every few seconds, and a look is at this node's own replica.</summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(250);

    /// <summary>Transactions of one look that are ended.</summary>
    private const int MostFinished = 20;

    private readonly IModeNode node;
    private readonly string name;
    private readonly DatabaseServices services;
    private int open;
    private long last;
    private int looksAt;

    public DistributedDatabaseActor(IModeNode node)
    {
        (this.node, name) = (node, node.Name.ToString());
        var oracle = node.Sharding.Start(TimestampCore.Type);
        services = new DatabaseServices(node, Context.ActorOf(Props.Create(() => new TickActor(oracle)), "ticks"));
    }

    /// <summary>A request that fails is not begun again: it may have taken effect.</summary>
    protected override SupervisorStrategy SupervisorStrategy => SupervisorStrategy.Stopping;

    protected override void Receive(object message)
    {
        switch (message)
        {
            case ModeRequest asked:
                Take(asked);
                break;
            case InspectKey inspect:
                var asker = Sender;
                Context.ActorOf(Props.Create(() => new InspectActor(name, services.Ranges, inspect.Key, asker)));
                break;
            case LookRound:
                looksAt = (looksAt + 1) % Keyspace.Ranges;
                services.Ranges.Tell(new AskStale(Keyspace.IdOf(looksAt), new FindStalled(MostFinished)), Self);
                break;
            case Stalled stalled:
                Finish(stalled);
                break;
            case EntityUnavailable or EntityRefused:
                break; // No replica is near; another node looks, or this one later.
            case Terminated:
                open--;
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void Take(ModeRequest asked)
    {
        if (open == MostRequests)
        {
            Sender.Tell(ModeAnswer.Failed(new ClusterError(ErrorCode.Overloaded, $"{name} is at work on {MostRequests} requests of this mode: send it again later")), Self);
            return;
        }

        if (!Timers.IsActive(nameof(LookRound)))
        {
            Timers.StartPeriodic(nameof(LookRound), LookRound.Instance, LookEvery);
        }

        var (client, key) = (Sender, asked.Find(StorageOperations.Key) ?? "");
        switch (asked.Operation)
        {
            case StorageOperations.Get:
                Serve(Props.Create(() => new KeyReadActor(services.Ranges, key, client)));
                break;
            case StorageOperations.Where:
                Serve(Props.Create(() => new WhereActor(node, services.Ranges, key, client)));
                break;
            case DatabaseOperations.Unfinished:
                Serve(Props.Create(() => new UnfinishedActor(services.Ranges, client)));
                break;
            case DatabaseOperations.Transact when !TransactionText.TryRead(asked.Text(DatabaseOperations.Steps), out _, out var wrong):
                Sender.Tell(ModeAnswer.Failed(new ClusterError(ErrorCode.BadRequest, wrong)), Self);
                break;
            default:
                var request = DatabaseOperations.Read(asked, FormattableString.Invariant($"{name}-{Context.System.Random.NextInt64():x16}-{++last}"));
                Serve(Props.Create(() => new TransactionActor(services, request, client, answer => DatabaseOperations.Answer(asked, request, answer))));
                break;
        }
    }

    private void Serve(Props props)
    {
        open++;
        Context.Watch(Context.ActorOf(props));
    }

    /// <summary>What its coordinator has not tidied up in many seconds. That other nodes do the same does no harm.</summary>
    private void Finish(Stalled stalled)
    {
        var range = stalled.Range;
        foreach (var record in stalled.Records)
        {
            Context.ActorOf(Props.Create(() => new FinisherActor(services.Ranges, record.Id, record.Start, range, record.Ranges, null)));
        }

        foreach (var intent in stalled.Intents)
        {
            Context.ActorOf(Props.Create(() => new FinisherActor(services.Ranges, intent.Transaction, intent.Start, intent.Anchor, ImmutableArray.Create(range), intent.Key)));
        }
    }

    private sealed record LookRound
    {
        public static readonly LookRound Instance = new();
    }
}
