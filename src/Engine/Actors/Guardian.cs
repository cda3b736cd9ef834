using Cluster.Engine.Port;

namespace Cluster.Engine.Actors;

/// <summary>The parent of all top-level actors of one kind (<c>/user</c>, <c>/system</c>). It does nothing but judge their failures by the default rule.</summary>
internal sealed class Guardian : Actor
{
    protected override void Receive(object message) => Unhandled(message);
}
