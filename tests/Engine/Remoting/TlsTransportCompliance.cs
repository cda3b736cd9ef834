namespace Cluster.Engine.Tests.Remoting;

/// <summary>Mutual TLS changes nothing of what a transport promises.</summary>
public sealed class TlsTransportCompliance : TransportCompliance
{
    protected override TransportWorld NewWorld() => new TcpWorld(secure: true);
}
