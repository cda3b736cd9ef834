using System.Globalization;
using Cluster.Engine.Actors.Cells;
using Cluster.Engine.ControlPlane;
using Cluster.Engine.Events;
using Cluster.Engine.Federation;
using Cluster.Engine.Flaws;
using Cluster.Engine.KeyValue;
using Cluster.Engine.Logs;
using Cluster.Engine.Membership;
using Cluster.Engine.Persistence;
using Cluster.Engine.Port;
using Cluster.Engine.PubSub;
using Cluster.Engine.Remoting;
using Cluster.Engine.Remoting.Faults;
using Cluster.Engine.Remoting.Recording;
using Cluster.Engine.Replication;
using Cluster.Engine.Sharding;
using Cluster.Engine.Sharding.Client;
using Cluster.Engine.Sharding.Entities;
using Cluster.Engine.Singleton;
using Cluster.Engine.Storage;
using Cluster.Shared.Http;
using Cluster.Shared.Ids;
using Cluster.Shared.KeyValue;
using Cluster.Shared.Wire;

namespace Cluster.Engine.Hosting;

/// <summary>
/// One node of the embedded engine, put together: disk, links, actors, replicas, membership, and the ways in. It owns nothing but the order in which they
/// start and stop; what runs beneath (clock, disk, transport, dispatchers) is handed in, so that the simulator runs the same node.
/// </summary>
public sealed class EmbeddedNode : IAsyncDisposable
{
    /// <summary>How often a node that hands its leaderships over looks whether it is done.</summary>
    private static readonly TimeSpan RetirePoll = TimeSpan.FromMilliseconds(10);

    /// <summary>Events on their way to the journal: each of its actors bounds its own (<see cref="PersistentActor.MaxPendingEvents"/>), so this many is a node with a hundred of them stuck.</summary>
    private const int JournalCapacity = 100 * PersistentActor.MaxPendingEvents;

    private readonly EngineOptions options;
    private readonly NodeFoundation foundation;
    private readonly WriteAheadLog log;
    private readonly ControlViews views = new();
    private readonly ReplicaBoard board = new();
    private readonly ReachabilityBoard reachability = new();
    private readonly AddressBook addresses = new();
    private readonly LeaderDirectory leaders = new();
    private readonly NodeBreakers breakers;
    private readonly ReplicaDirectory directory;
    private readonly ReplicationMetrics metrics;
    private readonly ShardClientMetrics clientMetrics;
    private readonly GroupWishes wishes;
    private readonly EntityTypes entities;
    private readonly SingletonOffers offers = new();
    private readonly ClusterPubSub pubSub;
    private readonly ClusterFederation federation;
    private readonly PubSubMetrics pubSubMetrics;
    private readonly IActorRef replicas;
    private readonly IActorRef cluster;
    private readonly IActorRef wal;
    private readonly IActorRef snapshots;
    private readonly IActorRef proxy;
    private NodeJournal? journal;

    /// <summary>Reads the disk and puts the node together; nothing runs before <see cref="StartAsync"/>.</summary>
    /// <exception cref="StorageCorruptException">What is on the disk cannot be trusted.</exception>
    /// <exception cref="StorageRefusedException">The disk is another node's.</exception>
    /// <exception cref="ArgumentException">Two entity types cannot stand together.</exception>
    public EmbeddedNode(EngineOptions options, NodeFoundation foundation)
    {
        (this.options, this.foundation) = (options = options.Planted(), foundation);
        Events = new ClusterEvents(options.Name, foundation.Data.Identity.Incarnation, System.Time);
        var entityBoard = new EntityBoard(board);
        entities = new EntityTypes(options.Entities, entityBoard);
        var opening = WriteAheadLog.Open(
            foundation.Data.Disk, options.Log with { WithoutFlush = options.EngineFlaws.HasFlag(EngineFlaws.NoFsync) }, foundation.Data.Identity.Uid, foundation.Data.MustHoldLog);
        log = opening.Log;
        var store = SnapshotStore.Open(foundation.Data.Disk, new SnapshotOptions());
        var recovered = Recovery.Replicas(opening, store, NewMachine, foundation.Say);
        breakers = new NodeBreakers(options.Client);
        metrics = new ReplicationMetrics(board);
        clientMetrics = new ShardClientMetrics(breakers);
        directory = new ReplicaDirectory(views, board, reachability, foundation.Local);
        wishes = new GroupWishes(views, board, options.Seeds, reachability.IsAbsent);

        var essential = (LocalRef)System.ActorOf(Props.Create(() => new EssentialActors(foundation.Fatal)), "node");
        replicas = essential.Cell.ActorOf(Props.Create(() => new ReplicaHostActor(HostServices(recovered))).WithThroughput(256).WithDispatcher(NodeFoundation.EngineDispatcher), "replicas");
        wal = essential.Cell.ActorOf(Props.Create(() => new WalActor(log, replicas, metrics, foundation.Fatal)).WithDispatcher(NodeFoundation.DiskDispatcher), "log");
        snapshots = essential.Cell.ActorOf(
            Props.Create(() => new SnapshotActor(store, options.Replication, foundation.Transport, addresses, () => foundation.Local.Node, replicas, NewMachine))
                .WithDispatcher(NodeFoundation.SnapshotDispatcher),
            "snapshots");
        proxy = essential.Cell.ActorOf(
            Props.Create(() => new ShardProxyActor(options.Client, foundation.Transport, replicas, addresses, leaders))
                .WithThroughput(256).WithMailbox(4 * options.Client.MaxInFlight).WithDispatcher(NodeFoundation.EngineDispatcher),
            "client-proxy");
        foundation.System.Journal = new JournalAccess(
            essential.Cell.ActorOf(Props.Create(() => new JournalActor(OpenJournal, opened => journal = opened, foundation.Say, foundation.Fatal)).WithDispatcher(NodeFoundation.JournalDispatcher).WithMailbox(JournalCapacity), "journal"),
            NodeMessages.Registry(options));
        var shards = new ShardClient(options.Client, proxy, leaders, directory, breakers, clientMetrics, System.Time, System.Random.NextDouble);
        KeyValue = new KeyValueClient(shards, directory);
        Keys = new ReplicatedKeys(KeyValue);
        Places = new ShardPlaces(views, leaders);
        Log = new DurableLog(shards, directory);
        Sharding = new ClusterSharding(foundation.System, entities, entityBoard, shards, directory, shard => views.Current.Members.FirstOrDefault(member => member.Node == leaders.Leader(shard))?.Name);
        var control = new ControlClient(shards);
        cluster = essential.Cell.ActorOf(Props.Create(() => new ClusterActor(ClusterServices(control, recovered))), "cluster");
        Singletons = new ClusterSingleton(foundation.System, SingletonServices(control), offers, options.Roles);
        pubSub = new ClusterPubSub(options.PubSub, foundation.System, new PubSubServices(foundation.Local, foundation.Transport, addresses, views, reachability, System.Random), NodeMessages.Registry(options));
        pubSubMetrics = new PubSubMetrics(pubSub.Hub);
        federation = new ClusterFederation(foundation.System, foundation.Local, foundation.Transport, NodeMessages.Registry(options));
        Administration = new ClusterAdministration(control, views, node => node == foundation.Local.Node || reachability.IsReachable(node));
        Members = new ClusterMembers(foundation.Local, views, reachability);
        Slots = new SlotMap(foundation, views, directory, reachability, leaders);
        View = new NodeView(options, foundation, views, board, reachability, leaders);
        Connect();
    }

    /// <summary>The key-value store, served from any node.</summary>
    public IKeyValueClient KeyValue { get; }

    /// <summary>The same store, as actors ask it.</summary>
    public IReplicatedKeys Keys { get; }

    /// <summary>Where hash slots live.</summary>
    public IShardPlaces Places { get; }

    /// <summary>The durable log, asked from any node.</summary>
    public IDurableLog Log { get; }

    /// <summary>The entities of the types that the node was started with, asked from any node.</summary>
    public IClusterSharding Sharding { get; }

    /// <summary>Actors of which the cluster has one.</summary>
    public IClusterSingleton Singletons { get; }

    /// <summary>Who is in the cluster.</summary>
    public IClusterMembers Members { get; }

    /// <summary>Messages on topics, between all nodes.</summary>
    public IPubSub PubSub => pubSub;

    /// <summary>Messages to and from other clusters.</summary>
    public IFederation Federation => federation;

    /// <summary>What an administrator may ask of the cluster.</summary>
    public ClusterAdministration Administration { get; }

    /// <summary>The cluster as this node sees it.</summary>
    public NodeView View { get; }

    /// <summary>What has happened in the cluster, as this node tells it.</summary>
    public ClusterEvents Events { get; }

    /// <summary>Which node serves which hash slots, as this node sees it.</summary>
    public SlotMap Slots { get; }

    /// <summary>How each of this node's replicas stands.</summary>
    internal ReplicaBoard Replicas => board;

    public NodeName Name => options.Name;

    /// <summary>The actors of this node.</summary>
    public IActorSystem System => foundation.System;

    /// <summary>The seam of link faults.</summary>
    public LinkFaults Faults => foundation.Transport.Faults;

    /// <summary>Records what this node says to others and hears from them.</summary>
    public MessageRecorder Recorder => foundation.Transport.Recorder;

    /// <summary>Whether this node was started with that bug on purpose.</summary>
    public bool HasFlaw(string name) => options.Flaws.Any(flaw => flaw.Name == name);

    /// <summary>Opens the links. The node then finds its cluster by itself; <see cref="View"/> says how far it is.</summary>
    public async Task StartAsync(CancellationToken cancellation)
    {
        replicas.Tell(NodeStarted.Instance);
        await foundation.Transport.StartAsync(cancellation).ConfigureAwait(false);
        federation.Connect();
        cluster.Tell(NodeStarted.Instance);
    }

    /// <summary>
    /// Hands over what this node leads, before its process ends to come back later: it stays a member and keeps its replicas. Others serve its shards without an
    /// election, and what is under way here is passed on to them.
    /// </summary>
    /// <returns>How many groups it still leads at the end of the patience: nobody there could take them.</returns>
    public async Task<int> RetireAsync(TimeSpan patience, CancellationToken cancellation)
    {
        cluster.Tell(NodeRetires.Instance);
        replicas.Tell(NodeRetires.Instance);
        var start = System.Time.GetTimestamp();
        while (true)
        {
            var led = board.All.Count(status => status.Role == Consensus.RaftRole.Leader && status.Configuration.Voters.Length > 1);
            if (led == 0 || System.Time.GetElapsedTime(start) >= patience)
            {
                return led;
            }

            await Task.Delay(RetirePoll, System.Time, cancellation).ConfigureAwait(false);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await foundation.Transport.DisposeAsync().ConfigureAwait(false);
        await System.TerminateAsync().ConfigureAwait(false);
        log.Dispose();
        journal?.Dispose();
        foundation.Data.Dispose();
        metrics.Dispose();
        clientMetrics.Dispose();
        pubSubMetrics.Dispose();
    }

    /// <summary>For the simulator: meters belong to the process, which would keep every node of a thousand simulated runs alive by them.</summary>
    internal void StopMetering()
    {
        metrics.Dispose();
        clientMetrics.Dispose();
        pubSubMetrics.Dispose();
    }

    private NodeJournal OpenJournal() => NodeJournal.Open(foundation.Data.Disk, foundation.Data.Identity.Uid, options.EngineFlaws.HasFlag(EngineFlaws.NoFsync));

    private ReplicaHostServices HostServices(IReadOnlyList<RecoveredReplica> recovered) =>
        new(foundation.Local, options.Replication, recovered, new Outboxes(foundation.Transport, addresses, () => proxy), leaders, board, metrics, NewMachine)
        {
            Wal = () => wal,
            Snapshots = () => snapshots,
            Wishes = wishes.Of,
            IsReachable = reachability.IsReachable,
            IsRetiring = reachability.IsRetiring,
            Observer = foundation.Observer,
            Events = Events,
            NameOf = node => views.Current.NameOf(node),
            Log = foundation.Say,
            Fatal = foundation.Fatal,
        };

    private ClusterServices ClusterServices(ControlClient control, IReadOnlyList<RecoveredReplica> recovered) =>
        new(options, foundation.Local, foundation.Data, foundation.Transport, addresses, leaders, board, control, views, reachability, replicas)
        {
            HoldsControlGroup = recovered.Any(replica => replica.Group.IsControl),
            Proxy = () => proxy,
            Offers = offers,
            Events = Events,
            NodeEnded = foundation.System.AddressTerminated,
            Refused = foundation.Refused ?? foundation.Fatal,
            Log = foundation.Say,
        };

    private SingletonServices SingletonServices(ControlClient control) =>
        new(options.Singletons.Validate(), foundation.Local, views, reachability, control, System) { Log = foundation.Say, Observer = foundation.SingletonObserver };

    private ShardMachine NewMachine(ShardId group)
    {
        if (!group.IsControl)
        {
            return new ShardMachine(new SessionOptions { Forgotten = options.EngineFlaws.HasFlag(EngineFlaws.ForgetSession) }, [new KeyValueMachine(), new LogMachine(), .. entities.NewMachines(group)]);
        }

        return new ShardMachine([new ControlMachine { Published = views.Publish }]);
    }

    private void OnLeaderMoved(ShardId shard, NodeId leader)
    {
        proxy.Tell(new LeaderMoved(shard, leader));
        var (name, term) = (leader.IsNone ? null : views.Current.NameOf(leader), leaders.Term(shard));
        Events.Tell(
            ClusterEventKind.LeaderChanged,
            name is null ? $"{options.Name} knows no leader of {shard}" : string.Create(CultureInfo.InvariantCulture, $"{name} leads {shard} (term {term})"),
            detail => detail with { Shard = shard.Value, Leader = name, Term = term == 0 ? null : term });
    }

    /// <summary>Who hears what. Handlers run on the links' read loops: they parse and hand over.</summary>
    private void Connect()
    {
        var transport = foundation.Transport;
        transport.OnFrame(Channel.Consensus, (_, payload) => replicas.Tell(new ConsensusReceived(ConsensusBatch.Parser.ParseFrom(payload))));
        transport.OnFrame(Channel.Shard, (from, payload) => replicas.Tell(new RequestsReceived(from.Address, ShardRequestBatch.Parser.ParseFrom(payload))));
        transport.OnFrame(Channel.ShardReplies, (from, payload) => proxy.Tell(new RepliesReceived(from.Address, ShardReplyBatch.Parser.ParseFrom(payload))));
        transport.OnFrame(Channel.Control, (from, payload) => cluster.Tell(new ControlReceived(from, ControlMessage.Parser.ParseFrom(payload))));
        transport.OnFrame(Channel.SnapshotChunks, (_, payload) => snapshots.Tell(new ChunkReceived(SnapshotChunk.Parser.ParseFrom(payload))));
        transport.OnFrame(Channel.SnapshotReplies, (_, payload) => snapshots.Tell(new ChunkAnswered(SnapshotChunkReply.Parser.ParseFrom(payload))));
        transport.OnFrame(Channel.PubSub, (from, payload) => pubSub.Receive(from, PubSubFrame.Parser.ParseFrom(payload)));
        transport.OnFrame(Channel.Federation, (from, payload) => federation.Receive(from, FederationFrame.Parser.ParseFrom(payload)));
        transport.UsePolicy(new MembershipPolicy(views, reachability));
        transport.OnLink(federation.OnLink);
        transport.OnLink(happened =>
        {
            // A node of another cluster is no member, whatever number it has there.
            if (happened is not LinkUp { Peer.OtherCluster: not null })
            {
                cluster.Tell(new LinkChanged(happened));
            }

            if (happened is LinkUp { Peer: { OtherCluster: null } peer })
            {
                pubSub.OnLinkUp(peer.Address);
            }
        });
        leaders.Moved = OnLeaderMoved;
        views.Changed = view =>
        {
            cluster.Tell(new ViewChanged(view));
            pubSub.OnMembersChanged();
        };
    }
}
