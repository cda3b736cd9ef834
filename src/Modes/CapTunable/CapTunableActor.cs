using Cluster.Engine.Port;
using Cluster.Modes.Hosting;
using Cluster.Modes.Storage;
using Cluster.Shared.Results;

namespace Cluster.Modes.CapTunable;

/// <summary>The door on each node: a child for each request, and what this node knows of the freshness of partitions, which all bounded reads share.</summary>
internal sealed class CapTunableActor : Actor
{
    /// <summary>Requests of one node at a time: more is overload, and whoever waits behind so many has given up by its turn.</summary>
    private const int MostRequests = 5_000;

    private readonly IModeNode node;
    private readonly IShardRegion partitions;
    private readonly FreshnessCore freshness = new();
    private readonly Dictionary<int, List<IActorRef>> waiting = [];
    private readonly long start;
    private int open;

    public CapTunableActor(IModeNode node)
    {
        this.node = node;
        partitions = node.Sharding.Start(PartitionCore.Type);
        start = node.System.Time.GetTimestamp();
    }

    /// <summary>A request that fails is not begun again: it may have taken effect.</summary>
    protected override SupervisorStrategy SupervisorStrategy => SupervisorStrategy.Stopping;

    private TimeSpan Now => node.System.Time.GetElapsedTime(start);

    protected override void Receive(object message)
    {
        switch (message)
        {
            case ModeRequest asked:
                Take(asked);
                break;
            case WantFresh wanted:
                Want(wanted);
                break;
            case FreshnessAsked answered:
                Fresh(answered);
                break;
            case Peek peek:
                var asker = Sender; // A child is made later, when another message may be under way here.
                Context.ActorOf(Props.Create(() => new PeekActor(peek, node.Name.ToString(), partitions, asker)));
                break;
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
        if (!SessionToken.TryParse(asked.Find(StorageOperations.Token), out var token))
        {
            Sender.Tell(ModeAnswer.Failed(new ClusterError(ErrorCode.BadRequest, "token is not one that this mode gave: hand back what the last answer said, or leave it out")), Self);
            return;
        }

        if (open == MostRequests)
        {
            Sender.Tell(ModeAnswer.Failed(new ClusterError(ErrorCode.Overloaded, $"{node.Name} is at work on {MostRequests} requests of this mode: send it again later")), Self);
            return;
        }

        open++;
        Context.Watch(Context.ActorOf(Serve(asked, token, Sender)));
    }

    private Props Serve(ModeRequest asked, SessionToken token, IActorRef client)
    {
        var key = asked.Text(StorageOperations.Key);
        var seen = token.Text;
        return asked.Operation switch
        {
            StorageOperations.Put => Write(new WriteKey(key, asked.Text(StorageOperations.Value), seen)),
            StorageOperations.Delete => Write(new WriteKey(key, null, seen)),
            StorageOperations.CompareAndSet => Write(new CompareKey(key, asked.Find(StorageOperations.Expected), asked.Text(StorageOperations.Value), seen)),
            StorageOperations.Where => Props.Create(() => new WhereActor(node, key, client)),
            _ => Props.Create(() => new ReadActor(node, key, Enum.Parse<ReadLevel>(asked.Text(CapTunableMode.Consistency), ignoreCase: true), asked.Duration(CapTunableMode.Bound), token, client)),
        };

        Props Write(PartitionCommand command) => Props.Create(() => new WriteActor(key, command, token, partitions, client));
    }

    /// <summary>A bounded read waits until something fresh enough is known of its partition; all that wait for one share one question.</summary>
    private void Want(WantFresh wanted)
    {
        if (freshness.Find(wanted.Partition) is { } known && Now - known.At <= wanted.Bound)
        {
            Sender.Tell(new KnownFresh(known.Position, Now - known.At), Self);
        }
        else
        {
            if (!waiting.TryGetValue(wanted.Partition, out var readers))
            {
                waiting.Add(wanted.Partition, readers = []);
            }

            readers.Add(Sender);
        }

        if (freshness.BeginAsking(wanted.Partition, wanted.Bound, Now))
        {
            Context.ActorOf(Props.Create(() => new FreshnessActor(wanted.Partition, partitions)));
        }
    }

    private void Fresh(FreshnessAsked answered)
    {
        if (answered.Position is { } position)
        {
            freshness.Answered(answered.Partition, position);
        }
        else
        {
            freshness.Failed(answered.Partition);
        }

        if (!waiting.Remove(answered.Partition, out var readers))
        {
            return;
        }

        foreach (var reader in readers)
        {
            reader.Tell(answered.Position is null ? new NothingFresh(answered.Why!) : new KnownFresh(answered.Position.Value, Now - freshness.Find(answered.Partition)!.At), Self);
        }
    }
}
