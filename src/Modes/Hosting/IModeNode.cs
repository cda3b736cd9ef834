using System.Diagnostics.Metrics;
using Cluster.Engine.Port;
using Cluster.Shared.Ids;

namespace Cluster.Modes.Hosting;

/// <summary>What a mode sees of the node that it runs on: the engine's port, and nothing else.</summary>
public interface IModeNode
{
    NodeName Name { get; }

    IActorSystem System { get; }

    IClusterSharding Sharding { get; }

    IDurableLog Log { get; }

    IReplicatedKeys Keys { get; }

    IShardPlaces Places { get; }

    IClusterSingleton Singletons { get; }

    IClusterMembers Members { get; }

    IPubSub PubSub { get; }

    IFederation Federation { get; }

    /// <summary>For what the mode measures on this node; instrument names begin with the slug. Requests by operation and status are measured already.</summary>
    Meter Meter { get; }

    /// <summary>What the node was told of the world outside the cluster.</summary>
    ModeSettings Settings { get; }

    /// <summary>Whether this node was started with that bug on purpose.</summary>
    bool HasFlaw(string name);

    /// <summary>Puts a line into the node's event stream: what a person who watches the mode wants to know. Not for every request.</summary>
    void Tell(string happened);
}
