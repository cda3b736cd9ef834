using System.Collections.Immutable;

namespace Cluster.Modes.DistributedDatabase.Transactions;

/// <summary>What a coordinator is to do.</summary>
/// <param name="Id">Of this run of it, on this node: no other coordinator has it. Its attempts add a number.</param>
/// <param name="Request">The client's id, by which it is done once however often it is asked for; null without.</param>
/// <param name="IsSerializable">Whether what it read is validated at its commit; else it is isolated by its snapshot alone.</param>
/// <param name="InRealTime">Whether it takes its place after everything that ended before it began, at the price of a tick; else only after what its own range knows.</param>
/// <param name="Pace">Time between the intents and the decision, and again before the intents are resolved, so that people can watch.</param>
public sealed record TransactionRequest(string Id, string? Request, ImmutableArray<Step> Steps, bool IsSerializable, bool InRealTime, TimeSpan Pace);

/// <summary>Promises that a coordinator can be made to break.</summary>
/// <param name="IgnoresIntents">Neither its reads nor its writes look at others' intents, or at versions that are newer than its start.</param>
/// <param name="SkipsRefresh">What it read is not validated.</param>
/// <param name="CommitsFirst">The decision is written when the anchor has its intents, and the others get theirs after it.</param>
public sealed record CoordinatorFlaws(bool IgnoresIntents, bool SkipsRefresh, bool CommitsFirst)
{
    public static readonly CoordinatorFlaws None = new(false, false, false);
}
