using Cluster.Engine.Port;
using Cluster.Shared.Results;
using Cluster.Shared.Wire;

namespace Cluster.Engine.Sharding.Entities;

/// <summary>
/// The region as an actor. One command to an entity is under way at a time, so that those of one sender arrive in their order even if one has to be sent
/// again; commands to different entities do not wait for each other, and stale and leased questions for nothing.
/// </summary>
internal sealed class ShardRegionActor(ShardRegion region) : Actor
{
    /// <summary>Entities with a command under way, each with those that wait for it.</summary>
    private readonly Dictionary<string, Queue<Waiting>> busy = new(StringComparer.Ordinal);
    private int waiting;

    protected override void Receive(object message)
    {
        switch (message)
        {
            case ToEntity { EntityId: not null, Command: not null } to:
                Take(to.EntityId, to.Command);
                break;
            case Passivate { EntityId: not null } passivate:
                Take(passivate.EntityId, passivate);
                break;
            case AskStale { EntityId: not null, Query: not null } stale:
                _ = AnswerAsync(stale.EntityId, stale.Query, ReadConsistency.Stale, Sender, reply => reply);
                break;
            case AskLeased { EntityId: not null, Query: not null } leased:
                _ = AnswerAsync(leased.EntityId, leased.Query, ReadConsistency.Lease, Sender, reply => reply);
                break;
            case Answered answered:
                answered.Asker.Tell(answered.Reply, Self);
                Next(answered.EntityId);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void Take(string id, object command)
    {
        if (!busy.TryGetValue(id, out var queue))
        {
            busy.Add(id, new Queue<Waiting>());
            Send(id, command, Sender);
        }
        else if (waiting < EntityLimits.MaxWaitingTells)
        {
            waiting++;
            queue.Enqueue(new Waiting(command, Sender));
        }
        else
        {
            var full = new ClusterError(ErrorCode.Overloaded, $"{waiting} commands wait in this node's region already; send it again later");
            Sender.Tell(new EntityUnavailable(region.Type.Name, id, full), Self);
        }
    }

    private void Next(string id)
    {
        if (busy[id].TryDequeue(out var next))
        {
            waiting--;
            Send(id, next.Command, next.Asker);
        }
        else
        {
            busy.Remove(id);
        }
    }

    private void Send(string id, object command, IActorRef asker) =>
        _ = AnswerAsync(id, command, ReadConsistency.Linearizable, Self, reply => new Answered(id, reply, asker));

    /// <summary>Tells <paramref name="to"/> what came of it, whatever it was: somebody waits for it.</summary>
    private async Task AnswerAsync(string id, object command, ReadConsistency consistency, IActorRef to, Func<object, object> word)
    {
        var self = Self;
        object reply;
        try
        {
            reply = await region.SendAsync(id, command, consistency, timeout: null, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception failed)
        {
            reply = new EntityUnavailable(region.Type.Name, id, new ClusterError(ErrorCode.OutcomeUnknown, failed.Message));
        }

        to.Tell(word(reply), self);
    }

    private readonly record struct Waiting(object Command, IActorRef Asker);

    private sealed record Answered(string EntityId, object Reply, IActorRef Asker);
}
