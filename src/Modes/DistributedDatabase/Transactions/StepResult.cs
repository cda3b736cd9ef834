using System.Collections.Immutable;

namespace Cluster.Modes.DistributedDatabase.Transactions;

/// <summary>What a step read.</summary>
/// <param name="Value">Of a read; null where there is none.</param>
/// <param name="Rows">Of a scan or a lookup.</param>
/// <param name="HasMore">Whether there are more rows than its limit.</param>
public sealed record StepResult(string? Value = null, ImmutableArray<FoundRow>? Rows = null, bool HasMore = false);

/// <summary>A row of a scan or a lookup.</summary>
/// <param name="At">Its timestamp.</param>
public sealed record FoundRow(string Key, string Value, long At);

/// <summary>What a transaction makes of a key; null takes it away.</summary>
public sealed record Change(string Key, string? Value);
