using Cluster.Shared.Results;
using Google.Protobuf;

namespace Cluster.Engine.Sharding;

/// <summary>What a shard's leader decided on one request: what to propose, or what to answer and when.</summary>
internal readonly struct ShardDecision
{
    public ShardDecisionKind Kind { get; private init; }

    /// <summary>Bytes of the log entry to propose; null unless <see cref="ShardDecisionKind.Propose"/>.</summary>
    public ByteString? Entry { get; private init; }

    /// <summary>The machine's answer; null when refused or under way.</summary>
    public ByteString? Reply { get; private init; }

    public ErrorCode Error { get; private init; }

    public string? Message { get; private init; }

    /// <summary>
    /// An answer rests on proposals up to here: it may be given once this index is applied under this leadership, and is void (the request had no effect)
    /// if leadership is lost before. 0: it rests on applied state alone. Under way: the index of the same request's entry.
    /// </summary>
    public ulong AfterIndex { get; private init; }

    /// <summary>An answer that reads the state: this leader must be confirmed, after the request came in, before the answer is given (thesis 6.4).</summary>
    public bool NeedsBarrier { get; private init; }

    /// <summary>Propose: what the machine decided, with what <see cref="ShardMachine.Proposed"/> needs besides.</summary>
    internal MachineDecision Decision { get; private init; }

    internal uint Machine { get; private init; }

    internal ulong Session { get; private init; }

    internal ulong Sequence { get; private init; }

    internal static ShardDecision Propose(ByteString entry, uint machine, ulong session, ulong sequence, in MachineDecision decision) => new()
    {
        Kind = ShardDecisionKind.Propose,
        Entry = entry,
        Reply = decision.Reply,
        Machine = machine,
        Session = session,
        Sequence = sequence,
        Decision = decision,
    };

    internal static ShardDecision Answer(ByteString reply, ulong afterIndex, bool needsBarrier) =>
        new() { Kind = ShardDecisionKind.Answer, Reply = reply, AfterIndex = afterIndex, NeedsBarrier = needsBarrier };

    internal static ShardDecision UnderWay(ulong index) => new() { Kind = ShardDecisionKind.UnderWay, AfterIndex = index };

    internal static ShardDecision Refuse(ErrorCode error, string message) => new() { Kind = ShardDecisionKind.Refused, Error = error, Message = message };
}
