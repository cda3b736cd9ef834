using System.Collections.Immutable;
using System.Text;
using Cluster.Modes.Storage;

namespace Cluster.Modes.DistributedDatabase.Transactions;

/// <summary>Carries steps out on what was read, pure: what each of them sees, what is to be written, or why not. A step sees what those before it did.</summary>
/// <param name="Changes">One for each key that is written, in the order of the keys.</param>
/// <param name="Refusal">Why the transaction has no effect; null when it has.</param>
public sealed record StepRun(ImmutableArray<StepResult> Results, ImmutableArray<Change> Changes, string? Refusal)
{
    /// <param name="read">The value of a key, null where there is none.</param>
    /// <param name="span">Rows of a scan or a lookup, in the order of their keys: one more than its limit, where there are so many.</param>
    public static StepRun Of(IEnumerable<Step> steps, Func<string, string?> read, Func<Step, IEnumerable<FoundRow>> span)
    {
        var changed = new SortedDictionary<string, string?>(StringComparer.Ordinal);
        var results = ImmutableArray.CreateBuilder<StepResult>();
        foreach (var step in steps)
        {
            var result = new StepResult();
            switch (step.Kind)
            {
                case StepKind.Read:
                    result = new StepResult(Value(step.Key));
                    break;
                case StepKind.Put:
                    changed[step.Key] = step.Value;
                    break;
                case StepKind.Delete:
                    changed[step.Key] = null;
                    break;
                case StepKind.Append when Value(step.Key) + step.Value is var longer:
                    if (Encoding.UTF8.GetByteCount(longer) > StorageOperations.ValueBytesMax)
                    {
                        return Refuse(FormattableString.Invariant($"{step.Key} would be longer than {StorageOperations.ValueBytesMax} bytes"));
                    }

                    changed[step.Key] = longer;
                    break;
                case StepKind.Expect:
                    if (Value(step.Key) != step.Value)
                    {
                        return Refuse($"another value than expected stands at {step.Key}");
                    }

                    break;
                default:
                    result = Rows(step, span(step), changed);
                    break;
            }

            results.Add(result);
        }

        return new StepRun(results.ToImmutable(), [.. changed.Select(change => new Change(change.Key, change.Value))], null);

        string? Value(string key) => changed.TryGetValue(key, out var own) ? own : read(key);
    }

    private static StepResult Rows(Step step, IEnumerable<FoundRow> stored, SortedDictionary<string, string?> changed)
    {
        // What this transaction has written itself has no timestamp yet.
        var rows = stored.Where(row => !changed.ContainsKey(row.Key))
            .Concat(changed.Where(own => own.Value is not null && step.Matches(own.Key, own.Value)).Select(own => new FoundRow(own.Key, own.Value!, 0)))
            .OrderBy(row => row.Key, StringComparer.Ordinal)
            .ToList();
        return new StepResult(null, [.. rows.Take(step.Limit)], rows.Count > step.Limit);
    }

    private static StepRun Refuse(string why) => new([], [], why);
}
