using Cluster.Engine.Actors.Remote;
using Cluster.Engine.Port;
using Cluster.Shared.Wire;
using Google.Protobuf;

namespace Cluster.Benchmarks.Throughput;

/// <summary>Asks of an actor on another node: two nodes in this process, over loopback TCP.</summary>
internal sealed class RemoteAsk : IThroughputCase
{
    private const int PayloadBytes = 100;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    private readonly List<BenchNode> nodes = [];
    private readonly KvCommand message = new() { Value = ByteString.CopyFrom(new byte[PayloadBytes]) };
    private IActorRef? echo;

    public string Name => "remote-ask";

    public string What => $"asks of an actor on another node over loopback TCP, {InFlight.Asks} under way, {PayloadBytes} bytes each way";

    public double? Target => 100_000;

    public async Task StartAsync()
    {
        foreach (var name in new[] { "n1", "n2" })
        {
            var messages = new MessageRegistry().Register("bench.echo", 1, KvCommand.Parser);
            var node = BenchNode.Create(await BenchNode.ListenAsync(), name, messages);
            nodes.Add(node);
            await node.Transport.StartAsync();
            node.Serve();
        }

        nodes[1].System.ActorOf(Props.Create(() => new Echo()), "echo");
        echo = nodes[0].System.Resolve(nodes[1].PathOf("echo"));
    }

    public Task<long> RunAsync(TimeSpan time) => InFlight.RunAsync(time, _ => echo!.Ask<KvCommand>(message, Timeout));

    public async ValueTask DisposeAsync()
    {
        foreach (var node in nodes)
        {
            await node.DisposeAsync();
        }
    }
}
