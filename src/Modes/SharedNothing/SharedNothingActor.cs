using Cluster.Engine.Port;
using Cluster.Modes.Hosting;
using Cluster.Modes.Storage;
using Cluster.Shared.Results;
using Cluster.Shared.Wire;

namespace Cluster.Modes.SharedNothing;

/// <summary>The door on each node: a child for each request, which asks the replicated keys. It keeps nothing.</summary>
internal sealed class SharedNothingActor(IModeNode node) : Actor
{
    /// <summary>Requests of one node at a time: more is overload, and whoever waits behind so many has given up by its turn.</summary>
    private const int MostRequests = 5_000;

    private int open;

    /// <summary>A request that fails is not begun again: it may have taken effect.</summary>
    protected override SupervisorStrategy SupervisorStrategy => SupervisorStrategy.Stopping;

    protected override void Receive(object message)
    {
        switch (message)
        {
            case ModeRequest when open == MostRequests:
                Sender.Tell(ModeAnswer.Failed(new ClusterError(ErrorCode.Overloaded, $"{node.Name} is at work on {MostRequests} requests of this mode: send it again later")), Self);
                break;
            case ModeRequest asked:
                Begin(Serve(asked, Sender));
                break;
            case PeekKey when open == MostRequests:
                break; // Whoever looks is told by silence.
            case PeekKey peek:
                var asker = Sender; // A child is made later, when another message may be under way here.
                Begin(Props.Create(() => new PeekActor(node, peek.Key, asker)));
                break;
            case Terminated:
                open--;
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void Begin(Props child)
    {
        open++;
        Context.Watch(Context.ActorOf(child));
    }

    private Props Serve(ModeRequest asked, IActorRef client) => asked.Operation switch
    {
        StorageOperations.Scan => Props.Create(() => new ScanActor(node, asked, ConsistencyOf(asked), client)),
        StorageOperations.Where => Props.Create(() => new WhereActor(node, asked.Text(StorageOperations.Key), client)),
        StorageOperations.Get => Props.Create(() => new KeyActor(node, asked, ConsistencyOf(asked), client)),
        _ => Props.Create(() => new KeyActor(node, asked, ReadConsistency.Linearizable, client)),
    };

    private static ReadConsistency ConsistencyOf(ModeRequest asked) => asked.Text(SharedNothingMode.Consistency) switch
    {
        SharedNothingMode.Lease => ReadConsistency.Lease,
        SharedNothingMode.Stale => ReadConsistency.Stale,
        _ => ReadConsistency.Linearizable,
    };
}
