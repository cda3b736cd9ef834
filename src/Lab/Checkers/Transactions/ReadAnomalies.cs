using Cluster.Lab.Histories;

namespace Cluster.Lab.Checkers.Transactions;

/// <summary>Anomalies that single reads show, before any cycle is looked for.</summary>
internal static class ReadAnomalies
{
    public static IEnumerable<(string Name, string Line)> Of(
        IReadOnlyList<Transaction> transactions, IReadOnlyDictionary<string, VersionOrder> orders, IReadOnlyDictionary<(string Key, string Value), int> writers)
    {
        foreach (var (reader, read) in VersionOrder.Reads(transactions))
        {
            if (!orders[read.Key].BeginsWith(read.Seen!))
            {
                yield return ("incompatible-order", $"incompatible order of {read.Key}: [{string.Join(' ', read.Seen!)}] and [{string.Join(' ', orders[read.Key].Values)}] were both read; the first by {reader}");
            }

            if (read.Seen!.GroupBy(value => value, StringComparer.Ordinal).FirstOrDefault(value => value.Count() > 1) is { } twice)
            {
                yield return ("duplicate", $"{twice.Key} stands twice in {read.Key}, read by {reader}");
            }

            foreach (var value in read.Seen!)
            {
                if (!writers.TryGetValue((read.Key, value), out var by) || transactions[by].Operation.Call > reader.Operation.Return)
                {
                    yield return ("phantom", $"{value} was read from {read.Key} and nobody had appended it, by {reader}");
                }
                else if (transactions[by].Operation.Outcome == Outcome.Fail)
                {
                    yield return ("G1a", $"G1a, aborted read: {value} of {read.Key} was appended by a transaction that failed ({transactions[by]}), and read by {reader}");
                }
            }

            if (Intermediate(read, transactions, writers, reader) is { } middle)
            {
                yield return ("G1b", $"G1b, intermediate read: {reader} saw {read.Key} between two appends of one transaction ({middle})");
            }
        }

        foreach (var transaction in transactions.Where(transaction => transaction.IsCommitted))
        {
            if (ContradictsItself(transaction) is { } step)
            {
                yield return ("internal", $"internal: {step} disagrees with what the transaction did before, {transaction}");
            }
        }
    }

    /// <summary>The writer of the last value seen, if it appended another one to the same key afterwards.</summary>
    private static Transaction? Intermediate(
        MicroOperation read, IReadOnlyList<Transaction> transactions, IReadOnlyDictionary<(string Key, string Value), int> writers, Transaction reader)
    {
        if (read.Seen!.Count == 0 || !writers.TryGetValue((read.Key, read.Seen[^1]), out var by) || transactions[by] == reader)
        {
            return null;
        }

        var last = transactions[by].Steps.Last(step => !step.IsRead && step.Key == read.Key);
        return last.Appended == read.Seen[^1] ? null : transactions[by];
    }

    /// <summary>A read must end with what the transaction itself has appended, after all that it has read there before.</summary>
    private static MicroOperation? ContradictsItself(Transaction transaction)
    {
        var expected = new Dictionary<string, (List<string> Values, bool IsWhole)>(StringComparer.Ordinal);
        foreach (var step in transaction.Steps)
        {
            var (values, isWhole) = expected.GetValueOrDefault(step.Key, ([], false));
            if (step.Appended is { } appended)
            {
                expected[step.Key] = ([.. values, appended], isWhole);
            }
            else if (step.Seen is { } seen)
            {
                var agrees = isWhole ? seen.SequenceEqual(values) : seen.Count >= values.Count && seen.Skip(seen.Count - values.Count).SequenceEqual(values);
                if (!agrees)
                {
                    return step;
                }

                expected[step.Key] = ([.. seen], true);
            }
        }

        return null;
    }
}
