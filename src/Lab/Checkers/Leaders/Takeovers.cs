using System.Globalization;
using Cluster.Lab.Histories;
using Cluster.Lab.Reports;

namespace Cluster.Lab.Checkers.Leaders;

/// <summary>
/// Whether a leader that a fault took away was replaced while it was away. Judged is a fault that struck the node that led and no other, that lasted long enough, beside which no other fault was open, and during which
/// somebody still asked another node once the time for a takeover was over: of all others nothing is said.
/// </summary>
internal sealed class Takeovers
{
    /// <summary>Suspicion, margin and lease take seven seconds; the rest is for a machine that is busy.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(9);

    /// <summary>One that leaves hands over in half a second.</summary>
    public static readonly TimeSpan HandoverLimit = TimeSpan.FromSeconds(5);

    /// <summary>After another fault, until all nodes know each other again.</summary>
    public static readonly TimeSpan Recovery = TimeSpan.FromSeconds(5);

    /// <summary>A request that comes when the new leader is there is answered within this.</summary>
    public static readonly TimeSpan Answering = TimeSpan.FromSeconds(2);

    /// <summary>An answer this long before the fault tells who led.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(5);

    /// <summary>Without one of fewer nodes there is no majority that elects another.</summary>
    private const int FewestNodes = 3;

    private Takeovers()
    {
    }

    /// <summary>Faults during which another leader answered, however long they lasted.</summary>
    public int Replaced { get; private set; }

    /// <summary>Faults that lasted long enough, and nobody heard of another leader.</summary>
    public int Missed { get; private set; }

    /// <summary>From the fault to the first answer of another leader, where there was one.</summary>
    public long Longest { get; private set; }

    /// <param name="answers">When each was given, and which leader it names.</param>
    /// <param name="operations">All that was asked, answered or not.</param>
    public static Takeovers Of(IReadOnlyCollection<(Operation Operation, string Leader)> answers, IReadOnlyCollection<Operation> operations, History history, Evidence evidence)
    {
        var found = new Takeovers();
        if (operations.Select(operation => operation.Node).Where(node => node is not null).Distinct(StringComparer.Ordinal).Count() < FewestNodes)
        {
            return found;
        }

        var bands = FaultBand.Of(history);
        foreach (var band in bands)
        {
            if (LimitOf(band) is { } limit && Struck(band, answers) is { } leader && bands.All(other => ReferenceEquals(other, band) || other.End < band.Start || other.Start > band.End))
            {
                var calm = bands.Where(other => other.End < band.Start).Select(other => other.End + Nanoseconds(Recovery)).Append(band.Start).Max();
                found.Judge(band, leader, calm + Nanoseconds(limit), answers, operations, evidence);
            }
        }

        return found;
    }

    public override string ToString() => Replaced + Missed == 0
        ? "no fault took a leader away so that its replacement could be judged"
        : string.Create(CultureInfo.InvariantCulture, $"of {Replaced + Missed} leaders that a fault took away {Replaced} were replaced meanwhile")
            + (Replaced > 0 ? string.Create(CultureInfo.InvariantCulture, $", after {Longest / 1e9:0.00} s at most") : "");

    private void Judge(FaultBand band, string leader, long due, IReadOnlyCollection<(Operation Operation, string Leader)> answers, IReadOnlyCollection<Operation> operations, Evidence evidence)
    {
        var first = answers.Where(answer => answer.Leader != leader && answer.Operation.Return > band.Start && answer.Operation.Return <= band.End).Select(answer => answer.Operation.Return).DefaultIfEmpty(0).Min();
        if (first > 0)
        {
            Replaced++;
            Longest = Math.Max(Longest, first - band.Start);
        }
        else if (operations.Any(operation => operation.Node is { } node && node != leader && operation.Call >= due && operation.Call <= band.End - Nanoseconds(Answering)))
        {
            // Had all clients stood at the node that was struck, they would have heard of nobody else.
            Missed++;
            evidence.Add(string.Create(
                CultureInfo.InvariantCulture, $"{leader} led, and was taken away ({band.Fault} {band.Target}) from {Instant.Of(band.Start)} to {Instant.Of(band.End)}: nobody was answered by another leader meanwhile"));
        }
    }

    /// <summary>How long a takeover may take; null for what leaves the leader where it is, or brings it back at once.</summary>
    private static TimeSpan? LimitOf(FaultBand band) => band.Fault switch
    {
        "kill" or "power-loss" or "pause" or "cut" or "cut-in" or "cut-out" or "halves" or "isolate" or "partition" or "disconnect" => Limit,
        "leave" => HandoverLimit,
        _ => null,
    };

    /// <summary>The node that led and is now alone, dead or stopped; null where the fault struck another one, or more than one.</summary>
    private static string? Struck(FaultBand band, IReadOnlyCollection<(Operation Operation, string Leader)> answers)
    {
        var sides = band.Target.Split('/').Select(side => side.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries)).ToList();
        var alone = sides.Where(side => side.Length == 1).ToList();
        return (sides.Count == 1 || sides.Exists(side => side.Length > 1)) && alone is [[var node]]
            && answers.Any(answer => answer.Leader == node && answer.Operation.Return <= band.Start && answer.Operation.Return >= band.Start - Nanoseconds(Fresh)) ? node : null;
    }

    private static long Nanoseconds(TimeSpan time) => (long)time.TotalNanoseconds;
}
