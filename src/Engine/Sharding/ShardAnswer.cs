using Cluster.Shared.Results;
using Google.Protobuf;

namespace Cluster.Engine.Sharding;

/// <summary>What a query on applied state gave: an answer, the wish for a decision by the leader, or a refusal.</summary>
internal readonly struct ShardAnswer
{
    /// <summary>The machine's answer; null when a decision is needed or the request is refused.</summary>
    public ByteString? Reply { get; private init; }

    /// <summary>The request must go through <see cref="ShardMachine.Decide"/>. Never for a stale read.</summary>
    public bool NeedsDecision { get; private init; }

    public ErrorCode Error { get; private init; }

    public string? Message { get; private init; }

    internal static ShardAnswer Of(ByteString reply) => new() { Reply = reply };

    internal static ShardAnswer Undecided => new() { NeedsDecision = true };

    internal static ShardAnswer Refuse(ErrorCode error, string message) => new() { Error = error, Message = message };
}
