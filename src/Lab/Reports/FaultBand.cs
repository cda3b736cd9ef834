using Cluster.Lab.Histories;

namespace Cluster.Lab.Reports;

/// <summary>A fault from its beginning to its end, as a report draws it.</summary>
/// <param name="End">Nanoseconds on the history's clock; the end of the history where the fault was never taken back.</param>
internal sealed record FaultBand(string Fault, string Target, long Start, long End)
{
    /// <summary>What takes back what; <c>heal</c> ends every fault of the network.</summary>
    private static readonly Dictionary<string, string[]> EndedBy = new(StringComparer.Ordinal)
    {
        ["kill"] = ["restart"],
        ["stop"] = ["restart"],
        ["leave"] = ["restart"],
        ["power-loss"] = ["restart"],
        ["pause"] = ["resume"],
        ["disconnect"] = ["connect"],
    };

    private static readonly string[] Ends = ["restart", "resume", "heal", "connect"];

    /// <summary>Pairs each fault with what ended it. What ends nothing is shown as an instant.</summary>
    public static IReadOnlyList<FaultBand> Of(History history)
    {
        var last = history.Operations.Select(operation => operation.Return == long.MaxValue ? operation.Call : operation.Return)
            .Concat(history.Faults.Select(fault => fault.At)).DefaultIfEmpty(0).Max();
        var bands = new List<FaultBand>();
        var open = new List<FaultEvent>();
        foreach (var fault in history.Faults.OrderBy(fault => fault.At))
        {
            if (!IsEnd(fault, history.Faults))
            {
                open.Add(fault);
                continue;
            }

            var ended = open.FindAll(begun => Ended(begun, fault));
            bands.AddRange(ended.Select(begun => new FaultBand(begun.Fault, begun.Target, begun.At, fault.At)));
            open.RemoveAll(ended.Contains);
            if (ended.Count == 0)
            {
                bands.Add(new FaultBand(fault.Fault, fault.Target, fault.At, fault.At));
            }
        }

        bands.AddRange(open.Select(begun => new FaultBand(begun.Fault, begun.Target, begun.At, last)));
        return [.. bands.OrderBy(band => band.Start).ThenBy(band => band.Target, StringComparer.Ordinal)];
    }

    /// <summary>A restart may be a fault of its own; then its end follows, and says of what it is the end.</summary>
    private static bool IsEnd(FaultEvent fault, IReadOnlyList<FaultEvent> all) =>
        fault.Ends is not null || (Ends.Contains(fault.Fault) && !all.Any(later => later.At > fault.At && later.Ends == fault.Fault && later.Target == fault.Target));

    private static bool Ended(FaultEvent begun, FaultEvent end) => end.Ends is { } fault ? begun.Fault == fault && begun.Target == end.Target : end.Fault == "heal"
        ? !EndedBy.ContainsKey(begun.Fault)
        : EndedBy.TryGetValue(begun.Fault, out var ends) && ends.Contains(end.Fault) && begun.Target == end.Target;
}
