using Cluster.Lab.Histories;

namespace Cluster.Lab.Checkers.Federation;

/// <summary>
/// When a group may have had two homes: from the order of a failover until the fault that was open then had ended and the old home had had time to hear of it. Only then may an old home still answer; after it, no more.
/// </summary>
internal sealed class TwoHomes
{
    /// <summary>After a fault: nodes that were killed start and find their leader, links are dialled again, and the word of the later home comes round. Generous: two processors run six nodes.</summary>
    private const long HearsWithin = 10_000_000_000;

    private readonly IReadOnlyList<(long Begin, long End)> faults;

    public TwoHomes(History history)
    {
        var open = new Dictionary<(string Fault, string Target), long>();
        var closed = new List<(long Begin, long End)>();
        foreach (var fault in history.Faults.OrderBy(fault => fault.At))
        {
            if (fault.Ends is { } ended && open.Remove((ended, fault.Target), out var begin))
            {
                closed.Add((begin, fault.At));
            }
            else if (fault.Ends is null)
            {
                open[(fault.Fault, fault.Target)] = fault.At;
            }
        }

        closed.AddRange(open.Values.Select(begin => (begin, long.MaxValue / 2)));
        faults = closed;
    }

    /// <summary>Until when an old home may not have heard of an epoch that began at that time, or earlier.</summary>
    public long Until(long since)
    {
        var until = since + HearsWithin;
        foreach (var (begin, end) in faults.OrderBy(fault => fault.Begin))
        {
            if (begin <= until)
            {
                until = Math.Max(until, end + HearsWithin);
            }
        }

        return until;
    }
}
