using System.Globalization;
using Cluster.Lab.Histories;

namespace Cluster.Lab.Checkers.Replicated;

/// <summary>
/// A counter that is counted everywhere and merged: once nobody counts, every node's read is the sum of what was acknowledged and of some of what has unknown outcome (Maelstrom's pn-counter). Reads before
/// that may be anything that was counted, and are not judged. Counting down is allowed.
/// </summary>
public sealed class PnCounterChecker : IChecker
{
    public string Name => "pn-counter";

    public bool Understands(Operation operation) => KeyValueModel.Counter.Knows(operation.Op) && KeyValueModel.Counter.IsComplete(operation);

    public CheckResult Check(History history)
    {
        var evidence = new Evidence();
        int acknowledged = 0, reads = 0, wrong = 0;
        string? doubt = null;
        foreach (var key in history.Operations.GroupBy(operation => operation.Key).OrderBy(key => key.Key, StringComparer.Ordinal))
        {
            var counts = key.Where(operation => operation.Op == "incr" && operation.Outcome != Outcome.Fail).ToList();
            decimal least = 0, most = 0; // No sum of numbers of 64 bits overflows them.
            foreach (var count in counts)
            {
                var delta = KeyValueModel.Delta(count);
                var isCertain = count.Outcome == Outcome.Ok;
                acknowledged += isCertain ? 1 : 0;
                least += isCertain || delta < 0 ? delta : 0;
                most += isCertain || delta > 0 ? delta : 0;
            }

            var final = FinalReads.Of(key);
            doubt ??= final.Count == 0 && counts.Count > 0 ? $"{key.Key} was not read after the last increment" : null;
            foreach (var read in final)
            {
                reads++;
                if (!long.TryParse(read.Output ?? "0", NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) || number < least || number > most)
                {
                    wrong++;
                    evidence.Add($"{key.Key}: {read.Node ?? "a node"} says {read.Output ?? "nothing"} in the end, at {Instant.Of(read.Call)}; {(least == most ? $"{least} was counted" : $"{least} to {most} were counted")}");
                }
            }
        }

        return evidence.Conclude(Name, $"{acknowledged} increments acknowledged, {wrong} of {reads} final reads wrong", wrong > 0, reads == 0 ? "nobody read after the last increment" : doubt);
    }
}
