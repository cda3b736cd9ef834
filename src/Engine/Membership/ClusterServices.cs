using Cluster.Engine.ControlPlane;
using Cluster.Engine.Events;
using Cluster.Engine.Hosting;
using Cluster.Engine.Port;
using Cluster.Engine.Remoting;
using Cluster.Engine.Replication;
using Cluster.Engine.Sharding.Client;
using Cluster.Engine.Singleton;
using Cluster.Engine.Storage;
using Cluster.Shared.Wire;

namespace Cluster.Engine.Membership;

/// <summary>What membership works with on its node.</summary>
internal sealed record ClusterServices(
    EngineOptions Options,
    LocalNode Local,
    DataDirectory Data,
    ITransport Transport,
    AddressBook Addresses,
    LeaderDirectory Leaders,
    ReplicaBoard Board,
    ControlClient Control,
    ControlViews Views,
    ReachabilityBoard Reachability,
    IActorRef Replicas)
{
    /// <summary>Whether the node's log already holds its replica of group 0.</summary>
    public required bool HoldsControlGroup { get; init; }

    /// <summary>The node's client proxy, told of lost links; made after membership's own needs, since it needs the same links.</summary>
    public required Func<IActorRef> Proxy { get; init; }

    /// <summary>Where this node tells what happens.</summary>
    public required ClusterEvents Events { get; init; }

    /// <summary>The singletons that this node offers to run.</summary>
    public required SingletonOffers Offers { get; init; }

    /// <summary>Told that a life of a node is over by decision: whoever watches an actor of it has its end.</summary>
    public required Action<ActorAddress> NodeEnded { get; init; }

    /// <summary>Said once when the node can never become a member as it is.</summary>
    public required Action<string> Refused { get; init; }

    /// <summary>Said for the log when something worth reading happened.</summary>
    public required Action<string> Log { get; init; }

    /// <summary>This node as it presents itself to the control plane.</summary>
    public JoiningNode Presentation => new()
    {
        Name = Options.Name.ToString(),
        Uid = ControlRecords.ToWire(Local.Identity.Uid),
        Address = Options.Address.ToString(),
        HttpAddress = Options.HttpAddress,
        RespAddress = Options.RespAddress,
        Incarnation = Local.Identity.Incarnation.Value,
        Roles = { Options.Roles },
    };
}
