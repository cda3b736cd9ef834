namespace Cluster.Lab.Checkers.Transactions;

/// <summary>
/// The order of one key's versions. A read of a list that only grows shows all that was appended before, so the longest read tells the order, and every other
/// one must be a beginning of it (Kingsbury and Alvaro, Elle, 2020, section 4).
/// </summary>
internal sealed class VersionOrder
{
    private readonly Dictionary<string, int> positions = new(StringComparer.Ordinal);

    private VersionOrder(IReadOnlyList<string> values)
    {
        Values = values;
        for (var i = 0; i < values.Count; i++)
        {
            positions.TryAdd(values[i], i);
        }
    }

    /// <summary>Appended values, oldest first, as far as anybody saw them.</summary>
    public IReadOnlyList<string> Values { get; }

    public string? Next(int seen) => seen < Values.Count ? Values[seen] : null;

    public static Dictionary<string, VersionOrder> Of(IReadOnlyList<Transaction> transactions)
    {
        var longest = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        foreach (var (_, read) in Reads(transactions))
        {
            if (!longest.TryGetValue(read.Key, out var best) || best.Count < read.Seen!.Count)
            {
                longest[read.Key] = read.Seen!;
            }
        }

        return longest.ToDictionary(order => order.Key, order => new VersionOrder(order.Value), StringComparer.Ordinal);
    }

    /// <summary>Answered reads of committed transactions.</summary>
    public static IEnumerable<(Transaction By, MicroOperation Read)> Reads(IEnumerable<Transaction> transactions) =>
        transactions.Where(transaction => transaction.IsCommitted).SelectMany(transaction => transaction.Steps.Where(step => step.Seen is not null).Select(step => (transaction, step)));

    public bool BeginsWith(IReadOnlyList<string> seen) => seen.Count <= Values.Count && seen.Select((value, at) => Values[at] == value).All(same => same);

    public int? Position(string value) => positions.TryGetValue(value, out var at) ? at : null;
}
