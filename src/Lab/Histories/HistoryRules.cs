using System.Globalization;

namespace Cluster.Lab.Histories;

/// <summary>What every history must keep, whoever wrote it, before anything can be concluded from it.</summary>
internal static class HistoryRules
{
    /// <summary>
    /// A process is one client with one operation under way at a time: one that called before its last answer had come is two clients, or its clock went back.
    /// </summary>
    /// <exception cref="FormatException">A rule is broken; the message names the lines.</exception>
    public static History Enforce(History history)
    {
        var inOrder = Enumerable.Range(0, history.Operations.Count).OrderBy(at => history.Operations[at].Call);
        var last = new Dictionary<int, int>();
        foreach (var at in inOrder)
        {
            var operation = history.Operations[at];
            if (last.TryGetValue(operation.Process, out var before) && history.Operations[before] is { Outcome: not Outcome.Info } previous && previous.Return > operation.Call)
            {
                throw new FormatException(
                    $"contradictory times: process {operation.Process} calls in line {Line(history, at)} at {operation.Call.ToString(CultureInfo.InvariantCulture)} ns, "
                    + $"before its operation of line {Line(history, before)} returns at {previous.Return.ToString(CultureInfo.InvariantCulture)} ns; a process has one operation under way at a time");
            }

            last[operation.Process] = at;
        }

        return history;
    }

    private static string Line(History history, int at) => history.Lines is { } lines ? lines[at].ToString(CultureInfo.InvariantCulture) : "?";
}
