using Cluster.Engine.Actors;
using Cluster.Engine.Remoting;
using Cluster.Engine.Replication;
using Cluster.Engine.Singleton;
using Cluster.Engine.Storage;

namespace Cluster.Engine.Hosting;

/// <summary>What a node stands on: everything that differs between a real process and the simulator.</summary>
/// <param name="Data">Its disk and its identity on it.</param>
/// <param name="Local">Its identity in handshakes.</param>
/// <param name="Transport">Its links, not started yet.</param>
/// <param name="System">Its actors, with the clock, the random source and the dispatchers; those named below must exist.</param>
public sealed record NodeFoundation(DataDirectory Data, LocalNode Local, ITransport Transport, ActorSystem System)
{
    /// <summary>
    /// Dispatcher of what every request passes (replicas, client proxy) and of the links' writers. One thread in a process: what one leaves to the next needs no
    /// other thread to wake up, and what piles up meanwhile travels together.
    /// </summary>
    public const string EngineDispatcher = "engine";

    /// <summary>Dispatcher of the log writer, which waits for the disk.</summary>
    public const string DiskDispatcher = "disk";

    /// <summary>Dispatcher of the snapshot keeper, which waits for the disk longer.</summary>
    public const string SnapshotDispatcher = "snapshots";

    /// <summary>Dispatcher of the journal of persistent actors, which waits for the disk and must not make consensus wait.</summary>
    public const string JournalDispatcher = "journal";

    /// <summary>Told, in words, what an operator would want in the log.</summary>
    public Action<string> Say { get; init; } = static _ => { };

    /// <summary>Told why the node cannot go on; ends the process.</summary>
    public required Action<string> Fatal { get; init; }

    /// <summary>Told why the cluster does not take this node in; ends the process. As <see cref="Fatal"/> where nobody asks which of them it was.</summary>
    public Action<string>? Refused { get; init; }

    /// <summary>Looks on at what the replicas do.</summary>
    internal IReplicaObserver Observer { get; init; } = NoReplicaObserver.Instance;

    /// <summary>Looks on at what singletons run here; null where nobody does.</summary>
    internal ISingletonObserver? SingletonObserver { get; init; }
}
