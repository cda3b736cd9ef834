using Cluster.Engine.Port;

namespace Cluster.Engine.Hosting;

/// <summary>
/// The parent of the actors that a node cannot be without: replicas, log, snapshots, membership, client proxy. None of them may go on after a failure: each holds
/// state that others have been promised things about (what is durable, who has voted, who waits), and a fresh instance would not know it. So a failure stops the
/// actor on the spot and ends the node; what is on disk is what the next start goes by.
/// </summary>
internal sealed class EssentialActors(Action<string> fatal) : Actor
{
    protected override SupervisorStrategy SupervisorStrategy => new OneForOneStrategy(cause =>
    {
        fatal($"an essential part of the node failed, and the node cannot go on: {cause}");
        return Directive.Stop;
    });

    protected override void Receive(object message) => Unhandled(message);
}
