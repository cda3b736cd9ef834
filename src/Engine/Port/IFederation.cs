namespace Cluster.Engine.Port;

/// <summary>
/// The way to other clusters, in the manner of Akka's ClusterClient and receptionist: another cluster is spoken to through contacts, and only those of its actors hear that were registered by name. No node of it
/// becomes a member here, and nothing else crosses. Messages arrive at most once and in no certain order; none is told twice.
/// </summary>
public interface IFederation
{
    /// <summary>This node's own cluster.</summary>
    string Cluster { get; }

    /// <summary>The others that this node was told of, in ordinal order of their names; empty where there is none.</summary>
    IReadOnlyList<string> Others { get; }

    /// <summary>From now on an actor of this node hears what other clusters send to that name: as <see cref="FromCluster"/>, whose sender can be answered. A later one takes its place.</summary>
    /// <param name="service">The same name on every node of every cluster: whoever is registered by it answers for its whole cluster.</param>
    void Register(string service, IActorRef actor);

    /// <summary>Sends to whoever is registered by that name on one of the other cluster's contacts; each message to the next contact whose link stands.</summary>
    /// <returns>False: it was dropped here, since no contact can be reached or the message cannot travel. True promises nothing.</returns>
    bool Tell(string cluster, string service, object message);
}
