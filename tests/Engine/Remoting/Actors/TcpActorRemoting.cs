namespace Cluster.Engine.Tests.Remoting.Actors;

public sealed class TcpActorRemoting : ActorRemotingCompliance
{
    protected override TransportWorld NewWorld() => new TcpWorld();
}
