using Cluster.Engine.Port;
using Cluster.Modes.Hosting;

namespace Cluster.Modes.LogBased;

/// <summary>A request for a partition's table: once it is known that there is such a partition, the node's table answers it.</summary>
internal sealed class TableRequestActor(LogBasedServices services, ModeRequest request, IActorRef client, TopicSettings? known) : TopicConversation(services, request, client, known)
{
    private readonly IActorRef asker = client;

    protected override void Begin(TopicSettings topic)
    {
        Context.Parent.Tell(new TableWanted(Topic, (int)Request.Number("partition"), new WholeTable(asker)), Self);
        Context.Stop(Self);
    }
}
