using Cluster.Shared.Results;
using Cluster.Shared.Wire;
using Google.Protobuf;

namespace Cluster.Engine.Sharding;

/// <summary>
/// A shard's whole replicated state: its machines, and the memory of requests that makes a retry take effect once. The replica's host drives it: it
/// decides requests on the leader, proposes what comes out, and applies what the log gives back. Replicas that applied the same log are equal.
/// </summary>
/// <remarks>
/// One thread at a time, but for <see cref="ShardSnapshot.WriteTo"/>. The host may call <see cref="Decide"/> and <see cref="DecideExpiry"/> only on the leader,
/// and only once the no-op that opens its term is applied; it calls <see cref="Proposed"/> for each proposed decision before the next one is made, and
/// <see cref="DropProposed"/> when leadership is lost.
/// </remarks>
internal sealed partial class ShardMachine
{
    private readonly IShardMachine[] machines;
    private readonly SessionTable sessions;
    private readonly bool forgetsSessions;
    private readonly Queue<Proposal> proposed = new();
    private ulong lastProposed;
    private int dueNext;

    public ShardMachine(params IEnumerable<IShardMachine> machines)
        : this(new SessionOptions(), machines)
    {
    }

    public ShardMachine(SessionOptions options, params IEnumerable<IShardMachine> machines)
    {
        sessions = new SessionTable(options);
        forgetsSessions = options.Forgotten;
        this.machines = [.. machines.OrderBy(machine => machine.Machine)];
        for (var i = 0; i < this.machines.Length; i++)
        {
            var id = this.machines[i].Machine;
            if (id == 0 || (i > 0 && this.machines[i - 1].Machine == id))
            {
                throw new ArgumentException($"Machine number {id} is 0 or given twice", nameof(machines));
            }
        }
    }

    /// <summary>Index of the last applied command entry; 0 before the first.</summary>
    public ulong AppliedIndex { get; private set; }

    /// <summary>The latest leader's clock that an applied entry carries, Unix time in milliseconds: never goes back.</summary>
    public long LogTimeMs { get; private set; }

    /// <summary>Equal on replicas that applied the same log; costs nothing to read.</summary>
    public ulong StateHash
    {
        get
        {
            var hash = StateDigest.Join(sessions.StateHash, (ulong)LogTimeMs);
            foreach (var machine in machines)
            {
                if (!machine.IsUnused)
                {
                    hash = StateDigest.Join(StateDigest.Join(hash, machine.Machine), machine.StateHash);
                }
            }

            return hash;
        }
    }

    /// <summary>What the state takes in memory, in bytes, roughly.</summary>
    public long StateBytes
    {
        get
        {
            var bytes = sessions.StateBytes;
            foreach (var machine in machines)
            {
                bytes += machine.StateBytes;
            }

            return bytes;
        }
    }

    /// <summary>The shard's machine of one type; null if there is none.</summary>
    public T? Find<T>()
        where T : class
    {
        foreach (var machine in machines)
        {
            if (machine is T found)
            {
                return found;
            }
        }

        return null;
    }

    /// <summary>Judges one request on the leader. Changes nothing: what is proposed is told by <see cref="Proposed"/>.</summary>
    /// <param name="nowUnixMs">The leader's clock.</param>
    public ShardDecision Decide(ShardRequest request, long nowUnixMs)
    {
        var machine = Machine(request.Machine);
        if (machine is null)
        {
            return ShardDecision.Refuse(ErrorCode.BadRequest, NoSuchMachine(request.Machine));
        }

        if (forgetsSessions)
        {
            request = request.Clone();
            request.Session = 0;
        }

        if (request.Session != 0 && Remembered(request) is { } known)
        {
            return known;
        }

        var decision = machine.Decide(request.Command, nowUnixMs);
        return decision.Outcome switch
        {
            MachineOutcome.Changed => Propose(request, decision, nowUnixMs),
            MachineOutcome.Unchanged when request.Session != 0 => Propose(request, decision, nowUnixMs),
            MachineOutcome.Refused => ShardDecision.Answer(decision.Reply, afterIndex: 0, needsBarrier: false),
            _ => ShardDecision.Answer(decision.Reply, proposed.Count == 0 ? 0 : lastProposed, needsBarrier: true),
        };
    }

    /// <summary>What is due by the leader's clock alone, as an entry to propose; null when nothing is.</summary>
    /// <param name="max">Most items in the entry: bounds its size and the time to apply it.</param>
    public ShardDecision? DecideExpiry(long nowUnixMs, int max)
    {
        for (var turn = 0; turn < machines.Length; turn++)
        {
            // In turn: a machine that always has something due keeps none of the others waiting.
            var machine = machines[dueNext];
            dueNext = (dueNext + 1) % machines.Length;
            if (machine.TryDecideDue(nowUnixMs, max, out var decision))
            {
                return Propose(new ShardRequest { Machine = machine.Machine }, decision, nowUnixMs);
            }
        }

        return null;
    }

    /// <summary>The decision's entry got the place <paramref name="index"/> in this leader's log.</summary>
    public void Proposed(ulong index, in ShardDecision decision)
    {
        if (decision.Kind != ShardDecisionKind.Propose || index <= Math.Max(lastProposed, AppliedIndex))
        {
            throw new InvalidOperationException($"A {decision.Kind} decision cannot take index {index} after {Math.Max(lastProposed, AppliedIndex)}");
        }

        lastProposed = index;
        proposed.Enqueue(new Proposal(index, decision.Session == 0 ? decision.Reply : null));
        if (decision.Session != 0)
        {
            sessions.Proposed(index, decision.Session, decision.Sequence);
        }

        if (decision.Decision.Outcome == MachineOutcome.Changed)
        {
            Machine(decision.Machine)!.Proposed(index, decision.Decision);
        }
    }

    /// <summary>Leadership is lost: the log alone says what becomes of what was proposed.</summary>
    public void DropProposed()
    {
        proposed.Clear();
        lastProposed = 0;
        sessions.DropProposed();
        foreach (var machine in machines)
        {
            machine.DropProposed();
        }
    }

    /// <summary>Lets the machines put aside what they hold for speed alone. On every replica, now and then.</summary>
    public void Rest(long nowUnixMs)
    {
        foreach (var machine in machines)
        {
            machine.Rest(nowUnixMs);
        }
    }

    private ShardDecision? Remembered(ShardRequest request)
    {
        if (request.Sequence == 0)
        {
            return ShardDecision.Refuse(ErrorCode.BadRequest, $"Session {request.Session:x} sent sequence 0: sequences start at 1");
        }

        if (request.Sequence < request.AcknowledgedBelow)
        {
            return TooOld(request);
        }

        return sessions.Lookup(request.Session, request.Sequence, out var reply, out var index) switch
        {
            SessionLookup.UnderWay => ShardDecision.UnderWay(index),
            // Applied, so committed: it was the answer whoever leads by now.
            SessionLookup.Done => ShardDecision.Answer(reply!, afterIndex: 0, needsBarrier: false),
            SessionLookup.DoneReplyDropped => ShardDecision.Refuse(
                ErrorCode.OutcomeUnknown, $"Sequence {request.Sequence} of session {request.Session:x} took effect; its reply was too long to be kept"),
            SessionLookup.TooOld => TooOld(request),
            _ => null,
        };
    }

    private static ShardDecision TooOld(ShardRequest request) => ShardDecision.Refuse(
        ErrorCode.OutcomeUnknown,
        $"Sequence {request.Sequence} of session {request.Session:x} is behind what the session acknowledged or the shard remembers: read to see whether it took effect");

    private static ShardDecision Propose(ShardRequest request, in MachineDecision decision, long nowUnixMs)
    {
        var entry = new ShardEntryView { Machine = request.Machine, Event = decision.Event, Reply = ByteString.Empty, AtMs = nowUnixMs };
        if (request.Session != 0)
        {
            // Without a session nobody can ask again: the reply stays out of the log.
            entry.Session = request.Session;
            entry.Sequence = request.Sequence;
            entry.AcknowledgedBelow = request.AcknowledgedBelow;
            entry.Reply = decision.Reply;
        }

        return ShardDecision.Propose(entry.ToBytes(), request.Machine, request.Session, request.Sequence, decision);
    }

    private IShardMachine? Machine(uint id)
    {
        foreach (var machine in machines)
        {
            if (machine.Machine == id)
            {
                return machine;
            }
        }

        return null;
    }

    private static string NoSuchMachine(uint id) => $"This shard has no state machine {id}: it is an entity type that this node was not started with, or of another version of the program; start all nodes with the same types";

    /// <param name="Reply">What the waiting caller is told when it is applied; null where the entry carries it.</param>
    private readonly record struct Proposal(ulong Index, ByteString? Reply);
}
