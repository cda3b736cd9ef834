using Cluster.Engine.Port;

namespace Cluster.Modes.LogBased;

/// <summary>What a table can be asked; within a node.</summary>
/// <param name="Client">Who is answered: a <see cref="Hosting.ModeAnswer"/>, unless the question says otherwise.</param>
/// <param name="IsLatest">
/// The table first reads up to where the leader, confirmed by a majority, says that the log ends: the answer has all that was acknowledged before the question. Else up to what the nearest replica has applied.
/// </param>
internal abstract record TableQuestion(IActorRef Client, bool IsLatest);

/// <summary>All of it.</summary>
internal sealed record WholeTable(IActorRef Client) : TableQuestion(Client, IsLatest: true);

/// <summary>One key.</summary>
internal sealed record KeyOfTable(IActorRef Client, bool IsLatest, string Key) : TableQuestion(Client, IsLatest);

/// <summary>The first keys with a prefix, behind a key, in ordinal order, one more than <paramref name="Limit"/> if there are so many: answered by <see cref="TablePage"/>.</summary>
internal sealed record PageOfTable(IActorRef Client, bool IsLatest, string Prefix, string After, int Limit) : TableQuestion(Client, IsLatest);

/// <summary>Those.</summary>
internal sealed record TablePage(IReadOnlyList<Storage.StoredValue> Keys);

/// <summary>How far the table is, and what it has of a key: answered by <see cref="ViewPeeked"/>, or by silence.</summary>
internal sealed record PeekOfTable(IActorRef Client, string Key, string Self) : TableQuestion(Client, IsLatest: false);
