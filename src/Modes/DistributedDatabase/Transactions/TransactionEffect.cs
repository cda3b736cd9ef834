using System.Collections.Immutable;

namespace Cluster.Modes.DistributedDatabase.Transactions;

/// <summary>What a coordinator wants done. Effects of one step are carried out in their order.</summary>
public abstract record TransactionEffect;

/// <summary>Ask a range. Calls to one range arrive in their order, and are answered in it.</summary>
public sealed record CallRange(int Range, RangeCommand Command) : TransactionEffect;

/// <summary>Get a tick.</summary>
public sealed record AskTick : TransactionEffect;

/// <summary>Come back after that time.</summary>
/// <param name="Ticket">To be handed back.</param>
/// <param name="IsExact">Else up to as much again by chance: two that met are not to meet again.</param>
public sealed record Wait(TimeSpan Time, int Ticket, bool IsExact) : TransactionEffect;

/// <summary>Tell the client. Once, at most.</summary>
public sealed record TellClient(TransactionAnswer Answer) : TransactionEffect;

/// <summary>Nothing is left to do here.</summary>
public sealed record EndHere : TransactionEffect;

/// <summary>What a client is told.</summary>
/// <param name="At">When it committed, or read.</param>
/// <param name="Attempts">How often it was begun.</param>
/// <param name="Why">Unless it has committed.</param>
public sealed record TransactionAnswer(TransactionEnd End, long At, ImmutableArray<StepResult> Results, int Attempts, string? Why)
{
    /// <summary>Whether all of it was one entry of one range.</summary>
    public bool IsOnePhase { get; init; }
}

/// <summary>How a transaction ends, for its client.</summary>
public enum TransactionEnd
{
    Committed,

    /// <summary>A step forbids it. It had no effect, and would have none if it were asked again on the same state.</summary>
    Refused,

    /// <summary>It met others too often, or ranges that do not answer. It had no effect, and may be asked again.</summary>
    Retry,

    /// <summary>The decision was asked for and not heard: it may have taken effect.</summary>
    Unknown,
}
