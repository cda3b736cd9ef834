using Cluster.Shared.Http;
using Cluster.Shared.Scenarios;

namespace Cluster.Lab.Schedules;

/// <summary>What the open faults do to each link, all together: each ordered pair of nodes has one rule. Pure.</summary>
internal static class LinkRules
{
    /// <summary>The rules of what leaves one node.</summary>
    public static IReadOnlyList<LinkFaultView> From(string node, IReadOnlyList<string> all, IEnumerable<OpenFault> open)
    {
        var faults = open.ToList();
        return [.. all.Where(peer => peer != node)
            .Select(peer => faults.Aggregate(new LinkFaultView(peer), (rule, fault) => Add(rule, fault, node, peer, all)))
            .Where(rule => rule != new LinkFaultView(rule.To))];
    }

    private static LinkFaultView Add(LinkFaultView rule, OpenFault fault, string from, string to, IReadOnlyList<string> all)
    {
        var (sends, hears) = fault.IsBetweenSides ? (fault.AreApart(from, to), false) : (fault.Nodes.Contains(from), fault.Nodes.Contains(to));
        return fault.Kind switch
        {
            FaultType.Cut when sends != hears => rule with { Cut = true },
            FaultType.CutIn when hears && !sends => rule with { Cut = true },
            FaultType.CutOut when sends && !hears => rule with { Cut = true },
            FaultType.Halves or FaultType.Bridge when fault.AreApart(from, to) => rule with { Cut = true },
            FaultType.Ring when !AreNeighbours(all, from, to) => rule with { Cut = true },
            FaultType.Delay when sends => rule with { DelayMs = FaultAmount.DelayMs(fault.Plan), JitterMs = FaultAmount.DelayMs(fault.Plan) },
            FaultType.Loss when sends => rule with { LossPercent = FaultAmount.Percent(fault.Plan) },
            FaultType.Duplicate when sends => rule with { DuplicatePercent = FaultAmount.Percent(fault.Plan) },
            FaultType.Reorder when sends => rule with { ReorderPercent = FaultAmount.Percent(fault.Plan) },
            FaultType.Throttle when sends => rule with { BytesPerSecond = FaultAmount.BytesPerSecond(fault.Plan) },
            _ => rule,
        };
    }

    /// <summary>In the circle of all nodes. Three nodes are all neighbours: there the circle is one way, each hears the one before it only.</summary>
    private static bool AreNeighbours(IReadOnlyList<string> all, string from, string to)
    {
        var step = (Place(to) - Place(from) + all.Count) % all.Count;
        return step == 1 || (step == all.Count - 1 && all.Count > 3);

        int Place(string name) => all.Index().First(node => node.Item == name).Index;
    }
}
