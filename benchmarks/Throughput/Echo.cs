using Cluster.Engine.Port;

namespace Cluster.Benchmarks.Throughput;

/// <summary>Answers with what it is sent.</summary>
internal sealed class Echo : Actor
{
    protected override void Receive(object message) => Sender.Tell(message);
}
