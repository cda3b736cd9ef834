using System.Text.Json.Serialization;

namespace Cluster.Modes.DistributedDatabase.Transactions;

/// <summary>Answers a transaction that has committed.</summary>
/// <param name="At">Its place in the order of all: see <see cref="Timestamps.Timestamp.Text"/>.</param>
/// <param name="Attempts">How often it was begun here.</param>
/// <param name="Phases">One: all of it was one entry of one range. Two: intents, then a decision. None: it only read.</param>
/// <param name="Steps">In their order.</param>
public sealed record TransactionView(string Id, string At, int Attempts, string Phases, IReadOnlyList<StepView> Steps);

/// <summary>A step, and what it read.</summary>
public sealed record StepView(string Step, string Key)
{
    /// <summary>Of a read; left out where there is none.</summary>
    public string? Value { get; init; }

    /// <summary>Of a scan or a lookup.</summary>
    public IReadOnlyList<RowView>? Rows { get; init; }

    /// <summary>Of a scan or a lookup: whether there are more.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool HasMore { get; init; }
}

/// <summary>A row.</summary>
public sealed record RowView(string Key, string Value, string? At);

/// <summary>What has not been tidied up, by range.</summary>
public sealed record UnfinishedView(IReadOnlyList<UnfinishedRow> Transactions);

/// <summary>A transaction's record, or an intent without one.</summary>
public sealed record UnfinishedRow(string Id, string Status, string Anchor, IReadOnlyList<string> Ranges, string? Why);
