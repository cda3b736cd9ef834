using Cluster.Shared.Scenarios;

namespace Cluster.Lab.Schedules;

/// <summary>Fills the roles of a fault that begins: which nodes, which sides. The seed chooses where the role leaves a choice. Pure.</summary>
internal static class FaultPlacing
{
    public static OpenFault Place(PlannedFault fault, IReadOnlyList<string> nodes, IReadOnlyList<IReadOnlyList<string>> clusters, string? holder, Func<string, bool> isUp, Random random)
    {
        var chosen = FaultRole.Fill(fault.Target, nodes, clusters, holder, isUp, random);
        var others = nodes.Except(chosen).ToArray();
        if (fault.Target == FaultRole.Wan)
        {
            return new OpenFault(fault, chosen, [.. clusters.Select(cluster => string.Join(',', cluster))]);
        }

        return fault.Kind switch
        {
            FaultType.Halves => Split(fault, nodes, nodes, random),
            FaultType.Bridge when others.Length >= 2 => Split(fault, chosen, others, random),
            FaultType.Ring => new OpenFault(fault, nodes),
            FaultType.Cut when others.Length > 0 => new OpenFault(fault, chosen, [string.Join(',', chosen), string.Join(',', others)]),
            _ => new OpenFault(fault, chosen),
        };
    }

    private static OpenFault Split(PlannedFault fault, IReadOnlyList<string> struck, IReadOnlyList<string> split, Random random)
    {
        var shuffled = split.ToArray();
        random.Shuffle(shuffled);
        var half = shuffled.Length / 2;
        return new OpenFault(fault, struck, [string.Join(',', shuffled[..half].Order()), string.Join(',', shuffled[half..].Order())]);
    }
}
