using Cluster.Engine.Actors;
using Cluster.Engine.Actors.Dispatchers;
using Cluster.Engine.Port;
using Cluster.Engine.Simulation;

namespace Cluster.Modes.Tests.Shop;

/// <summary>Actors on one thread under virtual time, with others that only write down what they are told.</summary>
internal sealed class ActorStage
{
    private readonly ManualDispatcher dispatcher = new(null);
    private readonly VirtualTime time = new();

    public ActorStage() => System = new ActorSystem("test", new ActorSystemOptions { Time = time, Dispatcher = dispatcher, Random = new Random(1) });

    public ActorSystem System { get; }

    public void Settle() => dispatcher.RunUntilIdle(100_000);

    public void Advance(TimeSpan span) => time.Advance(span, Settle);

    public IActorRef Recorder(List<(object Message, IActorRef Sender)> heard) => System.ActorOf(Props.Create(() => new RecorderActor(heard)));

    private sealed class RecorderActor(List<(object Message, IActorRef Sender)> heard) : Actor
    {
        protected override void Receive(object message) => heard.Add((message, Sender));
    }
}
