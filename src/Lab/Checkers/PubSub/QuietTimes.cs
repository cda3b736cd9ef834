using Cluster.Lab.Histories;
using Cluster.Lab.Reports;

namespace Cluster.Lab.Checkers.PubSub;

/// <summary>
/// When nothing was broken, as far as the history tells: no fault was open, no client was refused or left without an answer, and none had to go to another node. Some time after each of these is
/// not quiet either: links, members and routes come back one after the other.
/// </summary>
internal sealed class QuietTimes
{
    /// <summary>After a disturbance: a suspicion is taken back, links stand again, and each node has compared its registry with others.</summary>
    private static readonly long Aftermath = TimeSpan.FromSeconds(6).Ticks * TimeSpan.NanosecondsPerTick;

    /// <summary>Disturbances joined where they meet, in order.</summary>
    private readonly List<(long From, long Until)> disturbed = [];

    public QuietTimes(History history)
    {
        var all = FaultBand.Of(history).Select(band => (band.Start, band.End)).Concat(Unserved(history)).Concat(Moves(history)).OrderBy(one => one.Item1);
        foreach (var (from, end) in all)
        {
            var until = end + Math.Min(Aftermath, long.MaxValue - end);
            if (disturbed is [.., var last] && from <= last.Until)
            {
                disturbed[^1] = (last.From, Math.Max(last.Until, until));
            }
            else
            {
                disturbed.Add((from, until));
            }
        }
    }

    public bool IsQuiet(long from, long until)
    {
        var at = disturbed.FindIndex(one => one.Until >= from);
        return at < 0 || disturbed[at].From > until;
    }

    private static IEnumerable<(long From, long Until)> Unserved(History history) =>
        history.Operations.Where(operation => operation.Outcome != Outcome.Ok).Select(operation => (operation.Call, operation.Return));

    private static IEnumerable<(long From, long Until)> Moves(History history)
    {
        var asked = new Dictionary<int, Operation>();
        foreach (var operation in history.Operations.OrderBy(operation => operation.Call))
        {
            if (asked.TryGetValue(operation.Process, out var before) && before.Node != operation.Node)
            {
                yield return (before.Call, operation.Return);
            }

            asked[operation.Process] = operation;
        }
    }
}
