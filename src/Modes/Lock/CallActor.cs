using Cluster.Engine.Port;
using Cluster.Modes.Hosting;

namespace Cluster.Modes.Lock;

/// <summary>A request that is one command.</summary>
/// <param name="refused">Told why, if the entity refuses.</param>
internal sealed class CallActor(string name, IShardRegion region, IActorRef client, object command, Func<object, ModeAnswer> answer, Action<string>? refused)
    : LockRequestActor(name, region, client)
{
    protected override void PreStart() => Ask(command);

    protected override void Receive(object message)
    {
        if (message is EntityRefused refusal)
        {
            refused?.Invoke(refusal.Reason);
        }

        base.Receive(message);
    }

    protected override void Replied(object reply) => Answer(reply is LockReply { Outcome: LockOutcome.Refused } no ? ModeAnswer.Conflict(no.Why!) : answer(reply));
}
