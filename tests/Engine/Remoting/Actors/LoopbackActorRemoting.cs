namespace Cluster.Engine.Tests.Remoting.Actors;

public sealed class LoopbackActorRemoting : ActorRemotingCompliance
{
    protected override TransportWorld NewWorld() => new LoopbackWorld();
}
