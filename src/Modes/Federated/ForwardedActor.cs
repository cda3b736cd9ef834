using Cluster.Engine.Port;
using Cluster.Shared.Results;

namespace Cluster.Modes.Federated;

/// <summary>Serves one request of another cluster, and answers the node that sent it.</summary>
internal sealed class ForwardedActor(FederatedNode node, Forwarded forwarded, IActorRef asker) : Actor
{
    protected override void PreStart()
    {
        var (door, self) = (Context.Parent, Self);
        Context.ActorOf(Props.Create(() => new GroupCall(node, forwarded.Group, forwarded.Command, CallTo.Here, null, door, self)));
    }

    protected override void Receive(object message)
    {
        if (message is GroupAnswered answered)
        {
            asker.Tell(
                answered.Reply switch
                {
                    GroupReply reply => new ForwardedReply(forwarded.Id, reply),
                    EntityRefused refused => new ForwardedReply(forwarded.Id, null, Refusal: refused.Reason),
                    EntityUnavailable { Error: var error } => new ForwardedReply(forwarded.Id, null, Why: error.Message, MayHaveTakenEffect: error.Code == ErrorCode.OutcomeUnknown),
                    _ => throw new InvalidOperationException($"a group answered {answered.Reply.GetType().Name}"),
                },
                Context.Parent);
        }

        Context.Stop(Self);
    }
}
