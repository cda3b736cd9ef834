using Cluster.Lab.Histories;

namespace Cluster.Lab.Checkers.Contradictions;

/// <summary>Who put, took out and found which values of a set or a list.</summary>
internal sealed class CollectionHistory
{
    private readonly Dictionary<string, List<Operation>> removes;
    private readonly string where;

    /// <param name="operations">Of one key, as recorded.</param>
    public CollectionHistory(IReadOnlyList<Operation> operations, bool isList)
    {
        (ToDo, Done, where) = isList ? ("append", "appended", "in the list") : ("add", "added", "in the set");
        Puts = ByValue(operations, isList ? "append" : "add");
        removes = ByValue(operations, "remove");
        Reads = [.. operations.Where(operation => operation is { IsRead: true, Outcome: Outcome.Ok }).OrderBy(read => read.Return).Select(read => new CollectionRead(read, CollectionModel.TryParse(read.Output)!))];
        foreach (var (read, values, _) in Reads)
        {
            foreach (var value in values)
            {
                FirstSeen.TryAdd(value, read);
            }
        }
    }

    public string ToDo { get; }

    public string Done { get; }

    /// <summary>By value, each by their calls; what failed is left out.</summary>
    public Dictionary<string, List<Operation>> Puts { get; }

    /// <summary>By their returns.</summary>
    public List<CollectionRead> Reads { get; }

    /// <summary>Whose answer was the first to have the value.</summary>
    public Dictionary<string, Operation> FirstSeen { get; } = new(StringComparer.Ordinal);

    public bool IsNeverRemoved(string value) => !removes.ContainsKey(value);

    public IReadOnlyDictionary<string, List<Operation>> Removes => removes;

    /// <summary>Whether nobody can have taken the value out between an instant and a read.</summary>
    public bool StaysFrom(string value, long time, Operation read) =>
        !removes.TryGetValue(value, out var gone) || gone.TrueForAll(remove => remove.Call > read.Return || (remove.Outcome == Outcome.Ok && remove.Return < time));

    public string Found(Operation read, string value) => $"{Words.Who(read)} found {Words.Show(value)} {where} at {Words.Asked(read)}";

    public string Missed(Operation read, string value) => $"{Words.Who(read)} did not find {Words.Show(value)} {where} at {Words.Asked(read)}";

    private static Dictionary<string, List<Operation>> ByValue(IReadOnlyList<Operation> operations, string op) => operations
        .Where(operation => operation.Op == op && operation.Outcome != Outcome.Fail)
        .OrderBy(operation => operation.Call)
        .GroupBy(operation => operation.Input[0]!, StringComparer.Ordinal)
        .ToDictionary(same => same.Key, same => same.ToList(), StringComparer.Ordinal);
}
