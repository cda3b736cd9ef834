using Cluster.Engine.Actors;
using Cluster.Engine.Port;

namespace Cluster.Benchmarks.Throughput;

/// <summary>Asks within one actor system.</summary>
internal sealed class LocalAsk : IThroughputCase
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    private readonly ActorSystem system = new("bench");
    private readonly object message = new();
    private IActorRef? echo;

    public string Name => "local-ask";

    public string What => $"asks of one actor, {InFlight.Asks} under way";

    public double? Target => null;

    public Task StartAsync()
    {
        echo = system.ActorOf(Props.Create(() => new Echo()));
        return Task.CompletedTask;
    }

    public Task<long> RunAsync(TimeSpan time) => InFlight.RunAsync(time, _ => echo!.Ask<object>(message, Timeout));

    public async ValueTask DisposeAsync() => await system.TerminateAsync();
}
