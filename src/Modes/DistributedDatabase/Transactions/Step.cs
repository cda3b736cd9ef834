namespace Cluster.Modes.DistributedDatabase.Transactions;

/// <summary>One step of a transaction, as data.</summary>
/// <param name="Key">The key; of a scan the prefix, of a lookup the value that is looked for.</param>
/// <param name="Value">What is put, appended, or expected (null: no value).</param>
/// <param name="After">Of a scan: keys after this one.</param>
/// <param name="Limit">Of a scan or lookup: most rows.</param>
public sealed record Step(StepKind Kind, string Key, string? Value = null, string? After = null, int Limit = 0)
{
    /// <summary>Whether it asks all ranges, not the one of a key.</summary>
    public bool IsSpan => Kind is StepKind.Scan or StepKind.Find;

    public bool IsWrite => Kind is StepKind.Put or StepKind.Delete or StepKind.Append;

    /// <summary>Whether what it does depends on the key's value.</summary>
    public bool Reads => Kind is StepKind.Read or StepKind.Append or StepKind.Expect;

    /// <summary>Whether a row is what a scan or a lookup looks for.</summary>
    public bool Matches(string key, string value) => Kind == StepKind.Find
        ? value == Key
        : key.StartsWith(Key, StringComparison.Ordinal) && (After is null || string.CompareOrdinal(key, After) > 0);
}
