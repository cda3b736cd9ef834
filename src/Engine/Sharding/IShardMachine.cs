using Google.Protobuf;

namespace Cluster.Engine.Sharding;

/// <summary>
/// A replicated, deterministic state machine inside a shard, in decider shape: the leader decides on what it has proposed so far, the log carries the
/// events, every replica applies them in log order. Two replicas that applied the same log are equal, byte for byte in their snapshots.
/// </summary>
/// <remarks>
/// All members but <see cref="IMachineSnapshot.WriteTo"/> are called by one thread at a time. A replica may decide only once it has applied every entry of
/// earlier terms (the no-op that opens its own term is applied): from then on applied state plus proposals is exactly what the log will give.
/// </remarks>
internal interface IShardMachine
{
    /// <summary>The machine's number inside every shard, from 1: part of the log's format, never changed.</summary>
    uint Machine { get; }

    /// <summary>Judges one command on applied state plus everything proposed since. Leader only. Pure: deciding twice without proposing gives the same.</summary>
    /// <param name="nowUnixMs">The leader's clock.</param>
    MachineDecision Decide(ByteString command, long nowUnixMs);

    /// <summary>What is due by the clock alone, without a command (keys past their deadline), at most <paramref name="max"/> items. Leader only, pure.</summary>
    /// <returns>False when nothing is due.</returns>
    bool TryDecideDue(long nowUnixMs, int max, out MachineDecision decision);

    /// <summary>A decided event got the place <paramref name="index"/> in this leader's log: the next decision sees it.</summary>
    void Proposed(ulong index, in MachineDecision decision);

    /// <summary>Leadership is lost: forgets everything proposed and not applied. What survives in the log comes back through <see cref="Apply"/>.</summary>
    void DropProposed();

    /// <summary>Takes a committed event in: every replica, in log order.</summary>
    /// <param name="event">Never empty.</param>
    /// <param name="atUnixMs">The clock of the leader that decided it.</param>
    /// <exception cref="InvalidDataException">The event cannot be read, or cannot follow on this state: the log or the state is corrupt.</exception>
    void Apply(ulong index, ByteString @event, long atUnixMs);

    /// <summary>Answers a command that only reads, on applied state.</summary>
    /// <param name="stale">Any replica, judged by the clock given: never needs a decision.</param>
    /// <param name="needsDecision">The answer would need an event first (a key past its deadline is still there): the leader must decide the command; the result is void.</param>
    ByteString Query(ByteString command, long nowUnixMs, bool stale, out bool needsDecision);

    /// <summary>An immutable view of the applied state, without copying it. Cheap enough to be called between two entries.</summary>
    IMachineSnapshot TakeSnapshot();

    /// <summary>Replaces the state, and forgets what was proposed, by what <see cref="IMachineSnapshot.WriteTo"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The stream is not such a snapshot; the machine must not be used further.</exception>
    void Restore(Stream stream);

    /// <summary>Equal on replicas that applied the same log; differs, but for chance, when their states do. Costs little to read.</summary>
    ulong StateHash { get; }

    /// <summary>
    /// Whether the state is that of a machine to which nothing ever happened, and the machine wants to be left out of hash and snapshots while it is so: then a
    /// machine can be added to shards that have a past, and replicas with and without it are equal until it is used.
    /// </summary>
    bool IsUnused => false;

    /// <summary>Called now and then on every replica: may put aside what is held for speed alone. Changes nothing that can be seen.</summary>
    void Rest(long nowUnixMs)
    {
    }

    /// <summary>What the state takes in memory, in bytes, roughly: to judge when a snapshot pays.</summary>
    long StateBytes { get; }
}
