using Cluster.Engine.Port;

namespace Cluster.Modes.Federated;

/// <summary>
/// Reads this cluster's copy of a group and says how old it is: from the moment at which this node asked the home for the answer that made the copy complete. What the group has by its leader's lease is no less than it had then.
/// </summary>
internal sealed class LocalReadActor(FederatedNode node, LocalAsk ask, IActorRef asker) : Actor
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private TimeSpan? freshAt;

    protected override void PreStart()
    {
        freshAt = node.Board.FreshAt(ask.Group);
        Context.SetReceiveTimeout(Patience);
        node.Groups.Tell(new AskLeased(ask.Group, (IEntityQuery)(ask.Query with { Here = node.Map.Here })), Self);
    }

    protected override void Receive(object message)
    {
        var isHome = node.Board.Home(ask.Group).Home == node.Map.Here;
        asker.Tell(
            message switch
            {
                GroupReply reply => new LocalAnswer(ask.Group, reply, null, isHome ? null : freshAt is { } fresh ? (node.Now - fresh).TotalMilliseconds : null),
                EntityUnavailable none => new LocalAnswer(ask.Group, null, none.Error.Message, null),
                _ => new LocalAnswer(ask.Group, null, $"{ask.Group} does not answer on {node.Host.Name}", null),
            },
            Self);
        Context.Stop(Self);
    }
}
