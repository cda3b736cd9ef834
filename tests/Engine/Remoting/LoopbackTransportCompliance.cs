namespace Cluster.Engine.Tests.Remoting;

public sealed class LoopbackTransportCompliance : TransportCompliance
{
    protected override TransportWorld NewWorld() => new LoopbackWorld();
}
