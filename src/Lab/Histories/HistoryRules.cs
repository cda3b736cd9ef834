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
            if (operation.Call < 0 || operation.Return < operation.Call)
            {
                throw new FormatException($"contradictory times: the operation of {Line(history, at)} is called at {Text(operation.Call)} ns and returns at {Text(operation.Return)} ns; times begin at 0, and a return is not before its call");
            }

            if (last.TryGetValue(operation.Process, out var before) && history.Operations[before] is { Outcome: not Outcome.Info } previous && previous.Return > operation.Call)
            {
                throw new FormatException(
                    $"contradictory times: process {operation.Process} calls in {Line(history, at)} at {Text(operation.Call)} ns, "
                    + $"before its operation of {Line(history, before)} returns at {Text(previous.Return)} ns; a process has one operation under way at a time");
            }

            if (last.TryGetValue(operation.Process, out before) && history.Operations[before].Outcome == Outcome.Info)
            {
                throw new FormatException(
                    $"process {operation.Process} is used again in {Line(history, at)}, after its operation of {Line(history, before)} of unknown outcome, which may be under way still: whoever goes on is another process");
            }

            last[operation.Process] = at;
        }

        return history;
    }

    private static string Line(History history, int at) => history.Lines is { } lines ? $"line {Text(lines[at])}" : $"place {Text(at + 1)} of the list";

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
