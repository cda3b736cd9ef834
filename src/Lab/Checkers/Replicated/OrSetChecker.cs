using Cluster.Lab.Histories;

namespace Cluster.Lab.Checkers.Replicated;

/// <summary>
/// An observed-remove set, in which additions win (Shapiro et al. 2011, section 3.3.5; Bieniusa et al. 2012): add answers the name of its update and of those that it replaced, remove the names of those that it took away. A member
/// is in the set in the end exactly if an acknowledged addition of it was replaced or removed by nobody. Of a member that something of unknown outcome was done to nothing is said.
/// </summary>
public sealed class OrSetChecker : IChecker
{
    public string Name => "or-set";

    public bool Understands(Operation operation) => CollectionModel.Set.Knows(operation.Op) && CollectionModel.Set.IsComplete(operation);

    public CheckResult Check(History history)
    {
        var evidence = new Evidence();
        int additions = 0, removals = 0, judged = 0, unsure = 0, lost = 0, back = 0;
        string? doubt = null;
        foreach (var key in history.Operations.GroupBy(operation => operation.Key).OrderBy(key => key.Key, StringComparer.Ordinal))
        {
            var changes = key.Where(operation => !operation.IsRead && operation.Outcome != Outcome.Fail).ToList();
            additions += changes.Count(change => change is { Op: "add", Outcome: Outcome.Ok });
            removals += changes.Count(change => change is { Op: "remove", Outcome: Outcome.Ok, Output: not null });
            var final = FinalReads.Of(key);
            doubt ??= final.Count == 0 && changes.Count > 0 ? $"{key.Key} was not read after the last change" : null;
            foreach (var member in changes.GroupBy(change => change.Input[0]!, StringComparer.Ordinal).OrderBy(member => member.Key, StringComparer.Ordinal))
            {
                if (member.Any(change => change.Outcome == Outcome.Info || (change.Op == "add" && change.Output is null)))
                {
                    unsure++;
                    continue;
                }

                judged++;
                var survivors = Survivors(member);
                foreach (var read in final.Where(read => CollectionModel.TryParse(read.Output) is { } values && values.Contains(member.Key) != survivors.Count > 0))
                {
                    (lost, back) = survivors.Count > 0 ? (lost + 1, back) : (lost, back + 1);
                    evidence.Add(survivors.Count > 0
                        ? $"lost: \"{member.Key}\" is not in {key.Key} at {read.Node ?? "a node"} in the end, though no removal had seen its addition {survivors[0]}"
                        : $"back: \"{member.Key}\" is in {key.Key} at {read.Node ?? "a node"} in the end, though every addition of it was removed");
                }
            }
        }

        var summary = $"{additions} additions and {removals} removals acknowledged; of {judged} members {lost} lost and {back} back from the dead; {unsure} of unknown outcome";
        return evidence.Conclude(Name, summary, lost + back > 0, judged == 0 ? "no member's fate is known" : doubt);
    }

    /// <summary>Additions that nothing has replaced or removed.</summary>
    private static IReadOnlyList<string> Survivors(IEnumerable<Operation> member)
    {
        var (added, gone) = (new List<string>(), new HashSet<string>(StringComparer.Ordinal));
        foreach (var change in member)
        {
            var names = change.Output?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];
            added.AddRange(change.Op == "add" ? names.Take(1) : []);
            gone.UnionWith(change.Op == "add" ? names.Skip(1) : names);
        }

        return added.FindAll(name => !gone.Contains(name));
    }
}
