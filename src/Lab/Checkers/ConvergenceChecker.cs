using Cluster.Lab.Histories;

namespace Cluster.Lab.Checkers;

/// <summary>
/// Strong eventual consistency at rest: once nobody writes and nothing is broken, all nodes give the same answer for a key. The last read of each key at each
/// node, called after the last write had ended, is the witness; a key that fewer than two nodes were asked for proves nothing.
/// </summary>
public sealed class ConvergenceChecker : IChecker
{
    public string Name => "convergence";

    public bool Understands(Operation operation) => operation.Op.Length > 0;

    public CheckResult Check(History history)
    {
        var evidence = new Evidence();
        int keys = 0, apart = 0;
        string? doubt = null;
        foreach (var key in history.Operations.GroupBy(operation => operation.Key).OrderBy(key => key.Key, StringComparer.Ordinal))
        {
            keys++;
            var rest = key.Where(operation => !operation.IsRead && operation.Outcome != Outcome.Fail).Select(operation => operation.Return).DefaultIfEmpty(long.MinValue).Max();
            var witnesses = key.Where(operation => operation is { IsRead: true, Outcome: Outcome.Ok, Node: not null } && operation.Call > rest)
                .GroupBy(read => read.Node!, StringComparer.Ordinal)
                .Select(reads => reads.MaxBy(read => read.Call)!)
                .OrderBy(read => read.Node, StringComparer.Ordinal)
                .ToList();
            if (witnesses.Count < 2)
            {
                doubt ??= $"{key.Key} was read at {witnesses.Count} nodes after the last write";
            }
            else if (witnesses.Select(witness => witness.Output).Distinct(StringComparer.Ordinal).Count() > 1)
            {
                apart++;
                evidence.Add($"{key.Key}: " + string.Join("; ", witnesses.Select(witness => $"{witness.Node} says {(witness.Output is null ? "nothing" : $"\"{witness.Output}\"")} at {Instant.Of(witness.Return)}")));
            }
        }

        return evidence.Conclude(Name, $"{keys} keys, {apart} of them different on different nodes", apart > 0, keys == 0 ? "the history has no operations" : doubt);
    }
}
