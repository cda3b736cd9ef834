using System.Diagnostics;
using System.Globalization;
using Cluster.Lab.Checkers;
using Cluster.Lab.Schedules;
using Cluster.Shared.Scenarios;

namespace Cluster.Simulator.Runs;

/// <summary>What many runs came to: how fast, how long, which faults, how they ended.</summary>
/// <param name="workers">Threads that play at one time.</param>
internal sealed class SweepSum(int workers)
{
    private readonly Stopwatch watch = Stopwatch.StartNew();
    private readonly SortedDictionary<FaultType, long> faults = [];
    private readonly SortedDictionary<string, long> happened = new(StringComparer.Ordinal);
    private readonly int[] ended = new int[3];
    private TimeSpan virtualTime;
    private long operations;
    private long messages;

    private int Runs => ended.Sum();

    /// <summary>Violated if one run was, else unknown if one was.</summary>
    public Verdict Verdict => ended[(int)Verdict.Violated] > 0 ? Verdict.Violated : ended[(int)Verdict.Unknown] > 0 || Runs == 0 ? Verdict.Unknown : Verdict.Holds;

    private double PerSecond => Runs / Math.Max(0.001, watch.Elapsed.TotalSeconds);

    public void Add(SeedOutcome outcome)
    {
        ended[(int)outcome.Verdict.Verdict]++;
        virtualTime += outcome.VirtualTime;
        operations += outcome.History.Operations.Count;
        messages += outcome.Trace.Messages;
        foreach (var (kind, times) in outcome.Finding.Faults.Happened)
        {
            faults[kind] = faults.GetValueOrDefault(kind) + times;
        }

        foreach (var (kind, times) in outcome.Trace.Faults)
        {
            happened[kind] = happened.GetValueOrDefault(kind) + times;
        }
    }

    /// <summary>A run that ended in an exception.</summary>
    public void Failed() => ended[(int)Verdict.Violated]++;

    public string Progress(int all) => string.Create(CultureInfo.InvariantCulture, $"{Runs} of {all} runs, {PerSecond:0.0}/s, {virtualTime.TotalHours:0.00} virtual hours, {ended[(int)Verdict.Violated]} violated, {ended[(int)Verdict.Unknown]} unknown");

    public IEnumerable<string> Lines()
    {
        var seconds = watch.Elapsed.TotalSeconds;
        yield return Line("runs", $"{Runs:N0} in {seconds:N1} s: {PerSecond:0.0} a second");
        yield return Line("virtual time", $"{virtualTime.TotalHours:0.00} hours, {virtualTime.TotalSeconds / seconds / workers:N0} times as fast as real time in each of {workers} workers");
        yield return Line("operations", $"{operations:N0} by clients, {messages:N0} messages between nodes");
        yield return Line("faults", string.Join(", ", faults.Select(fault => $"{ScheduleNames.Of(fault.Key)} {fault.Value:N0}")));
        yield return Line("what they did", string.Join(", ", happened.Select(kind => $"{kind.Key} {kind.Value:N0}")));
        yield return Line("ended", $"{ended[(int)Verdict.Holds]:N0} hold, {ended[(int)Verdict.Violated]:N0} violated, {ended[(int)Verdict.Unknown]:N0} unknown");
    }

    private static string Line(string label, FormattableString text) => $"{label,-14} {FormattableString.Invariant(text)}";

    private static string Line(string label, string text) => $"{label,-14} {text}";
}
