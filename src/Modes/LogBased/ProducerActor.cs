using Cluster.Engine.Port;
using Cluster.Modes.Hosting;
using Cluster.Modes.Streams;

namespace Cluster.Modes.LogBased;

/// <summary>Gives a producer that starts its epoch.</summary>
internal sealed class ProducerActor(LogBasedServices services, ModeRequest request, IActorRef client) : LogConversation(services.Log, client)
{
    protected override void PreStart()
    {
        var producer = request.Text("producer");
        Ask<EpochGiven>(services.Producers, producer, new NextEpoch(), given => Answer(ModeAnswer.Ok(new ProducerAnswer(producer, given.Epoch), LogBasedJson.Default.ProducerAnswer)));
    }
}
