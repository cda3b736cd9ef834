using Cluster.Lab.Histories;

namespace Cluster.Lab.Checkers.Transactions;

/// <summary>
/// Judges the isolation of transactions that append unique values to lists and read them, as Elle does (Kingsbury and Alvaro 2020): the lists tell the order of
/// versions, that order tells who depends on whom, and a cycle of dependencies is an anomaly with a name (Adya 2000). txn [steps] -> [steps with what was read].
/// </summary>
public sealed class ListAppendChecker(IsolationLevel level) : IChecker
{
    public string Name => "transaction cycles";

    public bool Understands(Operation operation) => Transaction.TryRead(operation) is not null;

    public CheckResult Check(History history)
    {
        var transactions = new List<Transaction>();
        foreach (var operation in history.Operations)
        {
            if (Transaction.TryRead(operation) is not { } transaction)
            {
                return new CheckResult(Name, Verdict.Unknown, $"this is no transaction of appends and reads: {operation}", []);
            }

            transactions.Add(transaction);
        }

        var writers = new Dictionary<(string Key, string Value), int>();
        for (var index = 0; index < transactions.Count; index++)
        {
            foreach (var append in transactions[index].Steps.Where(step => !step.IsRead))
            {
                if (!writers.TryAdd((append.Key, append.Appended!), index))
                {
                    return new CheckResult(Name, Verdict.Unknown, $"{append.Appended} is appended to {append.Key} twice: whose append a read saw cannot be told", []);
                }
            }
        }

        var committed = transactions.Count(transaction => transaction.IsCommitted);
        var reads = VersionOrder.Reads(transactions).Count();
        var anomalies = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var evidence = new Evidence();
        var orders = VersionOrder.Of(transactions);
        foreach (var (name, line) in ReadAnomalies.Of(transactions, orders, writers).Concat(Cycles(transactions, orders, writers)))
        {
            anomalies[name] = anomalies.GetValueOrDefault(name) + 1;
            evidence.Add(line);
        }

        var found = anomalies.Count == 0 ? "no anomaly" : string.Join(", ", anomalies.Select(anomaly => anomaly.Value == 1 ? anomaly.Key : $"{anomaly.Key} ({anomaly.Value} times)"));
        return evidence.Conclude(Name, $"{Words(level)}: {committed} transactions, {reads} reads: {found}", anomalies.Count > 0, committed == 0 || reads == 0 ? "nothing was committed and read" : null);
    }

    /// <summary>The strongest anomaly first: a cycle of one kind hides in those of the next.</summary>
    private IEnumerable<(string Name, string Line)> Cycles(List<Transaction> transactions, Dictionary<string, VersionOrder> orders, Dictionary<(string Key, string Value), int> writers)
    {
        var strict = level == IsolationLevel.StrictSerializable;
        var finder = new CycleFinder(DependencyGraph.Of(transactions, orders, writers, strict));
        if (finder.Any(kind => kind == DependencyKind.WriteWrite) is { } g0)
        {
            yield return ("G0", Describe("G0, a cycle of writes", g0));
        }
        else if (finder.Any(kind => kind is DependencyKind.WriteWrite or DependencyKind.WriteRead) is { } g1c)
        {
            yield return ("G1c", Describe("G1c, circular information flow", g1c));
        }

        if (level >= IsolationLevel.SnapshotIsolation
            && finder.WithOne(DependencyKind.ReadWrite, kind => kind is DependencyKind.WriteWrite or DependencyKind.WriteRead) is { } single)
        {
            yield return ("G-single", Describe("G-single, read skew: one anti-dependency in a cycle", single));
        }
        else if (level >= IsolationLevel.Serializable && finder.Any(kind => kind != DependencyKind.RealTime) is { } g2 && g2.Any(step => step.Edge.Kind == DependencyKind.ReadWrite))
        {
            yield return ("G2", Describe("G2, write skew: a cycle of anti-dependencies", g2));
        }
        else if (strict && finder.Any(_ => true) is { } late && late.Any(step => step.Edge.Kind == DependencyKind.RealTime))
        {
            yield return ("real-time", Describe("an order against real time", late));
        }

        string Describe(string what, IReadOnlyList<(int From, Dependency Edge)> cycle) => what + ": "
            + string.Join("; ", cycle.Select((step, at) => $"T{at + 1} ({transactions[step.From]}) {step.Edge.Because}")) + "; which is T1";
    }

    private static string Words(IsolationLevel level) => level switch
    {
        IsolationLevel.ReadCommitted => "read committed",
        IsolationLevel.SnapshotIsolation => "snapshot isolation",
        IsolationLevel.Serializable => "serializable",
        _ => "strict serializable",
    };
}
