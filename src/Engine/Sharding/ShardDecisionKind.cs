namespace Cluster.Engine.Sharding;

/// <summary>What the replica's host does with a decided request.</summary>
internal enum ShardDecisionKind
{
    /// <summary>Propose <see cref="ShardDecision.Entry"/>; the caller is told <see cref="ShardDecision.Reply"/> when it is applied.</summary>
    Propose = 0,

    /// <summary>Nothing to log: <see cref="ShardDecision.Reply"/>, given when <see cref="ShardDecision.NeedsBarrier"/> and <see cref="ShardDecision.AfterIndex"/> allow.</summary>
    Answer = 1,

    /// <summary>The same request stands in the log at <see cref="ShardDecision.AfterIndex"/> and is not applied yet: the caller waits for that entry's reply.</summary>
    UnderWay = 2,

    /// <summary>Not served: <see cref="ShardDecision.Error"/> and <see cref="ShardDecision.Message"/> say why.</summary>
    Refused = 3,
}
