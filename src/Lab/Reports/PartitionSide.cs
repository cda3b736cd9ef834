using Cluster.Lab.Histories;

namespace Cluster.Lab.Reports;

/// <summary>What one side of a partition answered to the clients that asked it, for as long as the partition lasted.</summary>
/// <param name="Operations">Those that ended on that side in that time.</param>
internal sealed record PartitionSide(FaultBand Partition, IReadOnlyList<string> Nodes, IReadOnlyList<Operation> Operations)
{
    private static readonly string[] OneNodeOff = ["isolate", "cut", "disconnect"];

    /// <summary>Both sides of every fault that splits the cluster, in order of the faults; sides that nobody asked are left out.</summary>
    public static IReadOnlyList<PartitionSide> Of(IReadOnlyList<FaultBand> bands, IReadOnlyList<Operation> operations)
    {
        var asked = operations.Where(operation => operation is { Node: not null, Return: < long.MaxValue }).ToList();
        string[] names = [.. asked.Select(operation => operation.Node!).Distinct().Order(StringComparer.Ordinal)];
        return
        [
            .. from band in bands
               from side in SidesOf(band, names)
               let own = asked.Where(operation => operation.Return >= band.Start && operation.Call <= band.End && side.Contains(operation.Node!)).ToList()
               where own.Count > 0
               select new PartitionSide(band, side, own),
        ];
    }

    /// <summary>A target in the console's syntax: <c>n1,n2 / n3</c>, or the one node that is cut off from all others.</summary>
    private static IEnumerable<string[]> SidesOf(FaultBand band, string[] names)
    {
        string[][] sides = [.. band.Target.Split('/').Select(side => side.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries))];
        return sides.Length > 1 ? sides
            : OneNodeOff.Contains(band.Fault) && sides[0].Length > 0 ? [sides[0], [.. names.Except(sides[0])]]
            : [];
    }
}
