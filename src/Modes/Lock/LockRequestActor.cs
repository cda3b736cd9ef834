using Cluster.Engine.Port;
using Cluster.Modes.Hosting;

namespace Cluster.Modes.Lock;

/// <summary>One client's request to one lock, or to what it guards: asks the entity, answers the client once, and ends.</summary>
internal abstract class LockRequestActor(string name, IShardRegion region, IActorRef client) : Actor
{
    protected string Name => name;

    /// <summary>What the entity replied, where it was no refusal and not the word that there is no outcome.</summary>
    protected abstract void Replied(object reply);

    /// <summary>The entity has refused what it was asked last, or nobody has brought it there.</summary>
    protected virtual void NotServed(object why) => Answer(ModeAnswer.Of(why));

    protected override void Receive(object message)
    {
        switch (message)
        {
            case EntityRefused or EntityUnavailable:
                NotServed(message);
                break;
            case LockReply { Outcome: LockOutcome.Unknown }:
                Answer(ModeAnswer.NotFound($"nobody has ever asked for the lock '{name}'"));
                break;
            case LockReply reply:
                Wake(reply);
                Replied(reply);
                break;
            default:
                Replied(message);
                break;
        }
    }

    protected void Ask(object command) => region.Tell(new ToEntity(name, command), Self);

    /// <summary>Sends itself <see cref="WaitIsOver"/> then.</summary>
    protected void WaitFor(TimeSpan wait) => Timers.StartSingle(nameof(WaitIsOver), WaitIsOver.Instance, wait);

    protected void Answer(ModeAnswer answer)
    {
        client.Tell(answer, Self);
        Context.Stop(Self);
    }

    /// <summary>Tells the waiter whose turn it is, wherever it waits, and this node's watchers. Lost messages cost time only: both ask again by themselves.</summary>
    private void Wake(LockReply reply)
    {
        if (reply.Next is { } next && ActorPath.TryParse(next, out _))
        {
            Context.System.Resolve(next).Tell(new LockFreed(name), Self);
        }

        Context.System.EventStream.Publish(new LockSeen(name, reply.Revision));
    }

    /// <summary>The client has waited for as long as it wished.</summary>
    protected sealed record WaitIsOver
    {
        public static readonly WaitIsOver Instance = new();
    }
}
