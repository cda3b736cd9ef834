using Cluster.Lab.Histories;

namespace Cluster.Lab.Checkers;

/// <summary>
/// Leaves out writes of unknown outcome whose value nobody ever saw. That changes no verdict: they may never have happened; and if an order
/// has such a write in it, then nothing reads between it and the next write, so the order stands without it too. It is what
/// keeps histories with long outages decidable: each such write would double the search.
/// </summary>
internal static class UnseenWrites
{
    public static IReadOnlyList<Operation> Drop(List<Operation> operations)
    {
        // The argument needs that every answer about the value is a read or a successful compare-and-set.
        if (operations.Exists(operation => operation.Op is not ("read" or "write" or "cas") || (operation is { Op: "cas", Outcome: Outcome.Ok, Output: "false" })))
        {
            return operations;
        }

        var seen = new HashSet<string>();
        foreach (var operation in operations)
        {
            if (operation.Outcome == Outcome.Ok && (operation.IsRead ? operation.Output : operation.Op == "cas" ? operation.Input[0] : null) is { } value)
            {
                seen.Add(value);
            }
        }

        // What an unknown compare-and-set expected was seen by it, if its own value was seen: repeat until nothing is added.
        var grown = true;
        while (grown)
        {
            grown = false;
            foreach (var operation in operations)
            {
                if (operation is { Op: "cas", Outcome: Outcome.Info } && operation.Input[0] is { } expected && operation.Input[1] is { } put && seen.Contains(put))
                {
                    grown |= seen.Add(expected);
                }
            }
        }

        return operations.FindAll(operation => operation.Outcome == Outcome.Ok || operation.Input[^1] is not { } put || seen.Contains(put));
    }
}
