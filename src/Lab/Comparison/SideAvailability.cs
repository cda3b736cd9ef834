using Cluster.Lab.Histories;
using Cluster.Shared.Scenarios;

namespace Cluster.Lab.Comparison;

/// <summary>What a fault did to the clients of the node that it struck and to those of the others, from the history alone.</summary>
internal static class SideAvailability
{
    /// <summary>Who is still not served when less than this share of the fault is left has not recovered within it.</summary>
    private const double LastShare = 0.15;

    /// <summary>An answer that took longer was held up: several times what the slowest one in a hundred takes while nothing is broken, also where a disk is slow.</summary>
    public static readonly TimeSpan HeldUp = TimeSpan.FromMilliseconds(100);

    public static FaultMeasure Of(FaultWindow window, History history)
    {
        var during = history.Operations.Where(operation => operation.Call >= window.Begin && operation.Call < window.End).ToList();
        var struck = during.Where(operation => operation.Node == window.Target).ToList();
        var others = during.Where(operation => operation.Node != window.Target).ToList();
        return new FaultMeasure(
            window.Words,
            window.Target,
            Seconds(window.End - window.Begin),
            window.Kind == FaultType.Kill ? null : Share(struck),
            Share(others),
            RecoveredAfter(window, history.Operations.Where(operation => operation.Return >= window.Begin && operation.Call < window.End && operation.Node != window.Target).ToList()));
    }

    /// <summary>Answered, though it were that the state forbade it; null where nobody asked.</summary>
    private static double? Share(List<Operation> operations) =>
        operations.Count == 0 ? null : Math.Round((double)operations.Count(operation => operation.Outcome == Outcome.Ok) / operations.Count, 4);

    private static double? RecoveredAfter(FaultWindow window, List<Operation> others)
    {
        var unserved = others.Where(operation => operation.Outcome != Outcome.Ok || operation.Return - operation.Call > HeldUp.TotalNanoseconds).ToList();
        if (unserved.Count == 0)
        {
            return others.Count == 0 ? null : 0;
        }

        var last = unserved.Max(operation => operation.Return);
        return last > window.End - (long)((window.End - window.Begin) * LastShare) ? null : Seconds(last - window.Begin);
    }

    private static double Seconds(long nanoseconds) => Math.Round(nanoseconds / 1e9, 3);
}
