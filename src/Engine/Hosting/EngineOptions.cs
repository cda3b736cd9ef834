using Cluster.Engine.Actors.Remote;
using Cluster.Engine.ControlPlane;
using Cluster.Engine.Federation;
using Cluster.Engine.Flaws;
using Cluster.Engine.Membership;
using Cluster.Engine.Port;
using Cluster.Engine.PubSub;
using Cluster.Engine.Replication;
using Cluster.Engine.Sharding.Client;
using Cluster.Engine.Singleton;
using Cluster.Engine.Storage;
using Cluster.Shared.Ids;

namespace Cluster.Engine.Hosting;

/// <summary>What one node of the embedded engine is told at its start.</summary>
public sealed record EngineOptions
{
    /// <summary>Nodes of another name are refused.</summary>
    public required string Cluster { get; init; }

    public required NodeName Name { get; init; }

    /// <summary>Where other nodes reach this one's remoting.</summary>
    public required NodeAddress Address { get; init; }

    /// <summary>Nodes to form or find the cluster with, the same list on every seed; the first one forms it.</summary>
    public required IReadOnlyList<NodeAddress> Seeds { get; init; }

    /// <summary>Other clusters that this one is federated with.</summary>
    public IReadOnlyList<FederatedCluster> Federated { get; init; } = [];

    /// <summary>Where clients reach this node; empty when it serves none.</summary>
    public string HttpAddress { get; init; } = "";

    /// <inheritdoc cref="HttpAddress"/>
    public string RespAddress { get; init; } = "";

    /// <summary>Shards made when the cluster forms: a few for each core that the cluster may grow to.</summary>
    public int Shards { get; init; } = 32;

    /// <summary>Replicas of each shard, fewer while there are fewer members.</summary>
    public int ReplicationFactor { get; init; } = 3;

    /// <summary>How long the first leader waits for all seeds before it places the shards on those that came.</summary>
    public TimeSpan SeedPatience { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Entity types that the shards hold: the same on every node, since every replica applies their events.</summary>
    public IReadOnlyList<EntityType> Entities { get; init; } = [];

    /// <summary>What this node is for, in words of the user's: singletons may be bound to one.</summary>
    public IReadOnlyList<string> Roles { get; init; } = [];

    /// <summary>Names the actors' messages that travel between nodes; without a name a message does not leave its node.</summary>
    public Action<MessageRegistry> Messages { get; init; } = static _ => { };

    /// <summary>Sizes and bounds of the write-ahead log.</summary>
    public WalOptions Log { get; init; } = new();

    public SingletonOptions Singletons { get; init; } = new();

    public PubSubOptions PubSub { get; init; } = new();

    public ReplicationOptions Replication { get; init; } = new();

    public ShardClientOptions Client { get; init; } = new();

    public ReachabilityOptions Reachability { get; init; } = new();

    public DowningOptions Downing { get; init; } = new();

    public PlacementOptions Placement { get; init; } = new();

    /// <summary>Bugs to plant in this node on purpose; none in a node that is to be trusted.</summary>
    public IReadOnlyList<PlantedFlaw> Flaws { get; init; } = [];

    /// <summary>The flaws outside consensus.</summary>
    internal EngineFlaws EngineFlaws => Flaws.Aggregate(EngineFlaws.None, (sofar, flaw) => sofar | flaw.Engine);

    /// <summary>These options with every part told of the flaws that it is to have.</summary>
    internal EngineOptions Planted()
    {
        var dirtyReads = EngineFlaws.HasFlag(EngineFlaws.DirtyRead);
        return this with
        {
            Replication = Replication with
            {
                Raft = Replication.Raft with { Flaws = Flaws.Aggregate(Replication.Raft.Flaws, (sofar, flaw) => sofar | flaw.Raft) },
                DirtyReads = dirtyReads,
            },
            Client = Client with { DirtyReads = dirtyReads },
            PubSub = PubSub with { Flaws = EngineFlaws },
        };
    }
}
