using System.Globalization;

namespace Cluster.Lab.Comparison;

/// <summary>One mode's figures as they stand in tables, for people.</summary>
public sealed class ComparisonWords(ModeComparison mode)
{
    private const string None = "–";

    /// <summary>More refusals than this share, and it was not the usual workload that was served.</summary>
    private const double RefusedFrom = 0.05;

    /// <summary>Three nodes: the cluster that most compare; what cannot be had with so many is shown at the size that it has.</summary>
    private readonly LoadMeasure? usual = mode.Loads.FirstOrDefault(load => load.Nodes == 3) ?? (mode.Loads.Count > 0 ? mode.Loads[0] : null);

    private readonly IReadOnlyList<FaultMeasure> cuts = [.. mode.Faults.Where(fault => fault.Fault.StartsWith("cut", StringComparison.Ordinal))];

    public string Found => mode.Safety?.Strongest ?? None;

    public string WriteMedian => usual is { WriteP50Ms: > 0 } ? Say($"{usual.WriteP50Ms:0.00} ms") : None;

    public string WriteSlowest => usual is { WriteP99Ms: > 0 } ? Say($"{usual.WriteP99Ms:0.0} ms") : None;

    /// <summary>Of what was asked of a node that was cut off, the share that was served.</summary>
    public string CutOff => Lowest(cuts.Select(cut => cut.Struck));

    public string Others => Lowest(cuts.Select(cut => cut.Others));

    /// <summary>After which time the others served everything again.</summary>
    public string OwnerKilled => mode.Faults.FirstOrDefault(fault => fault.Fault == "kill the owner") is not { } killed ? None : killed.RecoveredAfterSeconds is { } after ? Say($"{after:0.0} s") : "not before it came back";

    public string Lost => mode.Safety is { } safety ? Say($"{safety.Lost:N0}") : None;

    public string Stale => mode.Safety is { } safety ? Say($"{100 * safety.StaleShare:0.00} %") : None;

    public string Converged => mode.Safety is not { } safety ? None : safety.ConvergedAfterSeconds is { } after ? Say($"{after:0.0} s") : "no";

    /// <summary>On the usual cluster; of another size, with that.</summary>
    public string UsualPerSecond => usual is null ? None : usual.Nodes == 3 ? PerSecond(usual) : $"{PerSecond(usual)} ({usual.Nodes} nodes)";

    /// <summary>How many times the throughput of three nodes five have.</summary>
    public string Scaling => usual is { Nodes: 3, PerSecond: > 0 } && mode.Loads.FirstOrDefault(load => load.Nodes == 5) is { } five ? Say($"{five.PerSecond / usual.PerSecond:0.00}") : None;

    /// <summary>On each size that was measured.</summary>
    public string EachPerSecond => usual is { Nodes: 3 } || mode.Loads.Count != 1 ? string.Join(", ", mode.Loads.Select(PerSecond)) : UsualPerSecond;

    public string GetCost => mode.Cost is { } cost ? Say($"{cost.Get:0.0} ({cost.GetTheory:0.0})") : None;

    public string PutCost => mode.Cost is { } cost ? Say($"{cost.Put:0.0} ({cost.PutTheory:0.0})") : None;

    private static string PerSecond(LoadMeasure load) => IsRefused(load) ? "refused" : Say($"{load.PerSecond:N0}");

    private static bool IsRefused(LoadMeasure load) => load.PerSecond == 0 || load.WriteP50Ms == 0 || load.ReadP50Ms == 0 || load.Refused > RefusedFrom * load.PerSecond;

    private static string Lowest(IEnumerable<double?> shares) => shares.OfType<double>().ToList() is { Count: > 0 } known ? Say($"{100 * known.Min():0} %") : None;

    private static string Say(FormattableString words) => words.ToString(CultureInfo.InvariantCulture);
}
