using Cluster.Lab.Histories;

namespace Cluster.Lab.Checkers.Replicated;

/// <summary>
/// Registers of which the later write stays. A write that followed another one (<see cref="CausalOrder"/>) may not lose against it: not in the end, and not at a node that had acknowledged it. Of writes that were made side by side only one
/// stays, which is what such a register promises and no more: the others are counted as lost updates. Where a write's output names it, and after it those that it replaced, they are those that no other names; else those that what stands in
/// the end did not follow, which is the least that they can be.
/// </summary>
public sealed class LastWriterChecker : IChecker
{
    public string Name => "last writer";

    public bool Understands(Operation operation) => operation.IsRead || operation is { Op: "write", Input: [not null] };

    public CheckResult Check(History history)
    {
        var operations = history.Operations.Where(operation => operation.Outcome == Outcome.Ok || operation is { IsRead: false, Outcome: Outcome.Info }).ToList();
        if (operations.Where(operation => !operation.IsRead).GroupBy(write => (write.Key, write.Input[0])).FirstOrDefault(same => same.Count() > 1) is { } twice)
        {
            return new CheckResult(Name, Verdict.Unknown, $"\"{twice.Key.Item2}\" was written twice to {twice.Key.Key}: whose write a read saw cannot be told", []);
        }

        var order = new CausalOrder(operations);
        var evidence = new Evidence();
        int acknowledged = 0, lost = 0, beaten = 0;
        string? doubt = null;
        foreach (var key in Enumerable.Range(0, operations.Count).GroupBy(at => operations[at].Key).OrderBy(key => key.Key, StringComparer.Ordinal))
        {
            var writes = key.Where(at => operations[at] is { IsRead: false, Outcome: Outcome.Ok }).ToList();
            acknowledged += writes.Count;
            foreach (var (later, earlier, read) in Beaten(operations, order, writes))
            {
                beaten++;
                evidence.Add($"{Tell(operations[later])} followed {Tell(operations[earlier])} and lost against it: {operations[read].Node} had acknowledged it, and showed the earlier one at {Instant.Of(operations[read].Call)}");
            }

            var final = FinalReads.Of(key.Select(at => operations[at])).MaxBy(read => read.Call);
            if (final is null)
            {
                doubt ??= writes.Count > 0 ? $"{key.Key} was not read after the last write" : null;
                continue;
            }

            var stays = key.Where(at => !operations[at].IsRead && operations[at].Input[0] == final.Output).DefaultIfEmpty(-1).First();
            if (stays < 0)
            {
                if (writes.Count > 0)
                {
                    beaten += writes.Count;
                    evidence.Add($"{key.Key}: {writes.Count} writes were acknowledged, and in the end it says {final.Output ?? "nothing"}, which nobody wrote");
                }

                continue;
            }

            var (after, before) = (order.After(stays), order.Before(stays));
            var replaced = writes.SelectMany(write => Names(operations[write]).Skip(1)).ToHashSet(StringComparer.Ordinal);
            foreach (var write in writes.Where(write => write != stays))
            {
                if (!after[write])
                {
                    lost += Names(operations[write]) is [var name, ..] ? (replaced.Contains(name) ? 0 : 1) : (before[write] ? 0 : 1);
                    continue;
                }

                beaten++;
                evidence.Add($"{Tell(operations[write])} followed {Tell(operations[stays])} and lost against it: that is what stands at {key.Key} in the end");
            }
        }

        return evidence.Conclude(Name, $"acknowledged {acknowledged}, {lost} lost against one made side by side, {beaten} against an earlier one", beaten > 0, acknowledged == 0 ? "nobody wrote" : doubt);
    }

    /// <summary>Writes that a node had acknowledged, and of which it then showed one that they had followed.</summary>
    private static IEnumerable<(int Later, int Earlier, int Read)> Beaten(List<Operation> operations, CausalOrder order, List<int> writes)
    {
        var here = writes.Where(write => operations[write].Node is not null).ToLookup(write => operations[write].Node);
        foreach (var earlier in writes)
        {
            bool[]? after = null;
            foreach (var read in order.ReadersOf(earlier))
            {
                foreach (var later in here[operations[read].Node].Where(write => operations[write].Return < operations[read].Call && operations[write].Call > operations[earlier].Call))
                {
                    after ??= order.After(earlier);
                    if (after[later])
                    {
                        yield return (later, earlier, read);
                        break;
                    }
                }
            }
        }
    }

    private static string[] Names(Operation write) => write.Output?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];

    private static string Tell(Operation write) => $"process {write.Process}'s {write.Key} = \"{write.Input[0]}\" ({write.Node ?? "?"}, {Instant.Of(write.Call)} to {Instant.Of(write.Return)})";
}
