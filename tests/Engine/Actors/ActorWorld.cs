using Cluster.Engine.Actors;
using Cluster.Engine.Actors.Dispatchers;
using Cluster.Engine.Port;
using Cluster.Engine.Simulation;

namespace Cluster.Engine.Tests.Actors;

/// <summary>An actor system on one thread under virtual time: nothing happens but by <see cref="Settle"/> and <see cref="Advance"/>.</summary>
internal sealed class ActorWorld
{
    public ActorWorld(int seed = 1, Func<ActorSystemOptions, ActorSystemOptions>? configure = null, bool randomOrder = false)
    {
        Dispatcher = new ManualDispatcher(randomOrder ? new Random(seed) : null);
        var options = new ActorSystemOptions { Time = Time, Dispatcher = Dispatcher, Random = new Random(seed), FailureLog = Failures.Add };
        System = new ActorSystem("test", configure?.Invoke(options) ?? options);
    }

    public VirtualTime Time { get; } = new();

    public ManualDispatcher Dispatcher { get; }

    public ActorSystem System { get; }

    public List<ActorFailed> Failures { get; } = [];

    public void Settle() => Dispatcher.RunUntilIdle(100_000);

    public void Advance(double seconds) => Time.Advance(TimeSpan.FromSeconds(seconds), Settle);

    public IActorRef Start(Action<TestActor, object> receive, string? name = null) => System.ActorOf(TestActor.Props(receive), name);

    /// <summary>An actor that writes down all it receives.</summary>
    public IActorRef Recorder(List<object> received) => Start((_, message) => received.Add(message));
}
