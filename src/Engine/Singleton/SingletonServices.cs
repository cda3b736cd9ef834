using Cluster.Engine.ControlPlane;
using Cluster.Engine.Membership;
using Cluster.Engine.Port;
using Cluster.Engine.Remoting;

namespace Cluster.Engine.Singleton;

/// <summary>What the singletons of one node work with.</summary>
internal sealed record SingletonServices(SingletonOptions Options, LocalNode Local, ControlViews Views, ReachabilityBoard Reachability, ControlClient Control, IActorSystem System)
{
    /// <summary>Name of each node's manager, under <c>/system</c>.</summary>
    public const string ManagerName = "singletons";

    /// <summary>Told, in words, what an operator would want in the log.</summary>
    public required Action<string> Log { get; init; }

    /// <summary>Looks on at what runs here; null where nobody does.</summary>
    public ISingletonObserver? Observer { get; init; }

    /// <summary>The manager on a member; null for one that the view does not know.</summary>
    public IActorRef? ManagerOn(Shared.Ids.NodeId node) => Views.Current.FindMember(node) is { } member
        ? System.Resolve($"cluster://{new ActorAddress(member.Name, member.Address)}/system/{ManagerName}")
        : null;
}
