namespace Cluster.Engine.Tests.Remoting;

public sealed class TcpTransportCompliance : TransportCompliance
{
    protected override TransportWorld NewWorld() => new TcpWorld();
}
