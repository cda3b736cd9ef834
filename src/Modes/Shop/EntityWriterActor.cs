using Cluster.Engine.Port;

namespace Cluster.Modes.Shop;

/// <summary>
/// This node's way to entities that take many commands in one write: the logs and the ledgers. To each entity one write is under way at a time, and what comes meanwhile goes with the next, so a busy one
/// costs hardly more writes than an idle one. It takes <see cref="ToEntity"/> as a region does, and answers each sender as a region does.
/// </summary>
/// <param name="write">Makes one command of several.</param>
/// <param name="read">Which entity a reply is from, and its answers in the order of the commands; null where it is none.</param>
internal sealed class EntityWriterActor<TCommand>(IShardRegion region, Func<IReadOnlyList<TCommand>, object> write, Func<object, (string Entity, IEnumerable<object> Answers)?> read) : Actor
    where TCommand : class
{
    /// <summary>Commands of one write: bounds the log entry, which holds up its shard. What waits beyond it is bounded by the drivers of this node, each of which has few messages under way.</summary>
    private const int MaxBatch = 128;

    private readonly Dictionary<string, Lane> lanes = new(StringComparer.Ordinal);

    protected override void Receive(object message)
    {
        switch (message)
        {
            case ToEntity { Command: TCommand command } to:
                Take(to.EntityId, command);
                break;
            case EntityUnavailable unavailable:
                Answer(unavailable.EntityId, Enumerable.Repeat<object>(unavailable, MaxBatch));
                break;
            case EntityRefused refused:
                Answer(refused.EntityId, Enumerable.Repeat<object>(refused, MaxBatch));
                break;
            case var reply when read(reply) is var (entity, answers):
                Answer(entity, answers);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void Take(string entity, TCommand command)
    {
        if (!lanes.TryGetValue(entity, out var lane))
        {
            lanes.Add(entity, lane = new Lane());
        }

        lane.Waiting.Enqueue((command, Sender));
        if (lane.UnderWay.Count == 0)
        {
            Write(entity, lane);
        }
    }

    private void Write(string entity, Lane lane)
    {
        var commands = new List<TCommand>();
        while (commands.Count < MaxBatch && lane.Waiting.TryDequeue(out var next))
        {
            commands.Add(next.Command);
            lane.UnderWay.Add(next.Asker);
        }

        region.Tell(new ToEntity(entity, write(commands)), Self);
    }

    private void Answer(string entity, IEnumerable<object> answers)
    {
        var lane = lanes[entity];
        foreach (var (asker, answer) in lane.UnderWay.Zip(answers))
        {
            asker.Tell(answer, Self);
        }

        lane.UnderWay.Clear();
        if (lane.Waiting.Count > 0)
        {
            Write(entity, lane);
        }
        else
        {
            lanes.Remove(entity);
        }
    }

    private sealed class Lane
    {
        public Queue<(TCommand Command, IActorRef Asker)> Waiting { get; } = new();

        public List<IActorRef> UnderWay { get; } = [];
    }
}
