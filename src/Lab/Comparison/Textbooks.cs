using System.Globalization;

namespace Cluster.Lab.Comparison;

/// <summary>Holds what textbooks print of a mode against what was measured of it. Where the measurement contradicts the adjective, it says so.</summary>
internal static class Textbooks
{
    /// <summary>More throughput with five nodes than with three, by less than this, is none.</summary>
    private const double ScalesFrom = 1.15;

    /// <summary>A side that serves less than this share of what it is asked is not available.</summary>
    private const double AvailableFrom = 0.5;

    /// <summary>Against the median of all modes: below, a latency is low; above the other, it is high.</summary>
    private const double LowBelow = 0.75;
    private const double HighAbove = 1.5;

    /// <param name="mode">All but its remarks.</param>
    /// <param name="all">Every mode of the comparison, for what is only high or low beside others.</param>
    public static IReadOnlyList<TextbookRemark> Remarks(ModeComparison mode, IReadOnlyList<ModeComparison> all)
    {
        var printed = mode.Textbook;
        return
        [
            Scalability(printed.Scalability, mode),
            Consistency(printed.Consistency, mode),
            Availability(printed.Availability, mode),
            Latency(printed.Latency, mode, all),
        ];
    }

    private static TextbookRemark Scalability(string printed, ModeComparison mode)
    {
        var (three, five) = (mode.Loads.FirstOrDefault(load => load.Nodes == 3), mode.Loads.FirstOrDefault(load => load.Nodes == 5));
        if (three is not { PerSecond: > 0 } || five is null)
        {
            return new TextbookRemark("scalability", printed, "not measured at 3 and 5 nodes", null);
        }

        var ratio = five.PerSecond / three.PerSecond;
        var measured = Say($"5 nodes do {ratio:0.00} times what 3 do");

        // All nodes share one machine: that adding some did not help shows the machine, not the mode.
        return new TextbookRemark("scalability", printed, ratio < ScalesFrom && printed != "none" ? measured + ", on one machine's processors" : measured, ratio >= ScalesFrom ? printed != "none" : printed == "none" ? true : null);
    }

    private static TextbookRemark Consistency(string printed, ModeComparison mode)
    {
        if (mode.Safety is not { } safety)
        {
            return new TextbookRemark("consistency", printed, "not measured", null);
        }

        var stale = safety.StaleShare > 0 ? Say($", {100 * safety.StaleShare:0.##} % of the reads stale, by up to {safety.StaleMaxMs:0} ms") : ", no read stale";
        var lost = safety.Lost > 0 ? Say($", {safety.Lost} acknowledged writes lost") : "";
        var strong = safety.Strongest == "linearizable";
        return new TextbookRemark("consistency", printed, safety.Strongest + stale + lost, printed switch
        {
            "strong" => strong,
            "eventual" => strong ? null : safety.ConvergedAfterSeconds is not null, // That nobody happened to see an old value is no promise.
            _ => null,
        });
    }

    private static TextbookRemark Availability(string printed, ModeComparison mode)
    {
        var cuts = mode.Faults.Where(fault => fault.Fault.StartsWith("cut", StringComparison.Ordinal)).ToList();
        var (struck, others) = (Lowest(cuts.Select(cut => cut.Struck)), Lowest(cuts.Select(cut => cut.Others)));
        if (struck is null || others is null)
        {
            return new TextbookRemark("availability", printed, "not measured", null);
        }

        var found = struck >= AvailableFrom && others >= AvailableFrom ? "all sides" : Math.Max(struck.Value, others.Value) >= AvailableFrom ? "majority" : "none";
        var measured = Say($"under a cut the one node served {100 * struck:0} %, the others {100 * others:0} %");
        return new TextbookRemark("availability", printed, measured, printed is "all sides" or "majority" or "none" ? printed == found : null);
    }

    private static TextbookRemark Latency(string printed, ModeComparison mode, IReadOnlyList<ModeComparison> all)
    {
        double[] medians = [.. all.Select(WriteLatency).OfType<double>().Order()];
        if (WriteLatency(mode) is not { } own || medians.Length < 3)
        {
            return new TextbookRemark("latency", printed, "not measured beside others", null);
        }

        var relative = own / medians[medians.Length / 2];
        var found = relative < LowBelow ? "low" : relative > HighAbove ? "high" : "medium";
        return new TextbookRemark("latency", printed, Say($"a write takes {own:0.00} ms (median of clients), {relative:0.0} times the modes' median"), printed is "low" or "medium" or "high" ? printed == found : null);
    }

    private static double? WriteLatency(ModeComparison mode) => mode.Loads.FirstOrDefault(load => load.Nodes == 3) is { WriteP50Ms: > 0 } load ? load.WriteP50Ms : null;

    private static double? Lowest(IEnumerable<double?> shares) => shares.OfType<double>().ToList() is { Count: > 0 } known ? known.Min() : null;

    private static string Say(FormattableString words) => words.ToString(CultureInfo.InvariantCulture);
}
