using Cluster.Lab.Histories;

namespace Cluster.Lab.Checkers.Contradictions;

/// <summary>Who put which value into a key, who saw it, and by when each change had certainly taken effect.</summary>
internal sealed class RegisterValues
{
    private static readonly List<Operation> None = [];

    private readonly Dictionary<string, List<Operation>> sources;
    private readonly List<Operation> deletes;
    private readonly Dictionary<string, Operation> firstSeen = new(StringComparer.Ordinal);
    private readonly Operation?[] firstShown;

    /// <param name="operations">Of one key, as recorded.</param>
    public RegisterValues(IReadOnlyList<Operation> operations)
    {
        Changers = [.. operations.Where(operation => operation.Outcome != Outcome.Fail && Changes(operation)).OrderBy(operation => operation.Call)];
        Seers = [.. operations.Where(operation => operation.Outcome == Outcome.Ok && (operation.IsRead || (operation.Op == "cas" && Changes(operation)))).OrderBy(operation => operation.Return)];
        deletes = Changers.FindAll(changer => Puts(changer) is null);
        sources = Changers.Where(changer => Puts(changer) is not null).GroupBy(changer => Puts(changer)!, StringComparer.Ordinal).ToDictionary(same => same.Key, same => same.ToList(), StringComparer.Ordinal);
        foreach (var seer in Seers)
        {
            if (Saw(seer) is { } seen)
            {
                firstSeen.TryAdd(seen, seer);
            }
        }

        firstShown = FirstShown();
    }

    /// <summary>What changed the key, or may have, by their calls.</summary>
    public List<Operation> Changers { get; }

    /// <summary>Whoever was told a value of the key, by their returns.</summary>
    public List<Operation> Seers { get; }

    /// <summary>Whatever may have put that value there; for the absent value besides the beginning.</summary>
    public List<Operation> SourcesOf(string? value) => value is null ? deletes : sources.GetValueOrDefault(value, None);

    public static string? Saw(Operation seer) => seer.IsRead ? seer.Output : seer.Input[0];

    public static string? Puts(Operation changer) => changer.Op == "delete" ? null : changer.Input[^1];

    /// <summary>Whose return is the first to show that the change has taken effect: its own, or that of the first who saw its value; null where nobody knows.</summary>
    public Operation? ShownBy(Operation changer)
    {
        var seen = Puts(changer) is { } value && SourcesOf(value).Count == 1 ? firstSeen.GetValueOrDefault(value) : null;
        return changer.Outcome == Outcome.Ok && !(seen?.Return < changer.Return) ? changer : seen;
    }

    /// <summary>As <see cref="ShownBy"/>; but an acknowledgement says more than a sighting, where it is early enough.</summary>
    public Operation? ShownBefore(Operation changer, long time) => changer.Outcome == Outcome.Ok && changer.Return < time ? changer : ShownBy(changer);

    /// <summary>Of the changes that began after <paramref name="time"/> the one that is shown first to have taken effect; null if none is.</summary>
    public Operation? FirstShownOfThoseCalledAfter(long time)
    {
        int low = 0, high = Changers.Count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = Changers[middle].Call <= time ? (middle + 1, high) : (low, middle);
        }

        return low < Changers.Count ? firstShown[low] : null;
    }

    private Operation?[] FirstShown()
    {
        var first = new Operation?[Changers.Count];
        (Operation? Changer, long At) earliest = (null, long.MaxValue);
        for (var i = Changers.Count - 1; i >= 0; i--)
        {
            if (ShownBy(Changers[i]) is { } shown && shown.Return < earliest.At)
            {
                earliest = (Changers[i], shown.Return);
            }

            first[i] = earliest.Changer;
        }

        return first;
    }

    private static bool Changes(Operation operation) => operation.Op is "write" or "delete" || (operation.Op == "cas" && (operation.Outcome == Outcome.Info || operation.Output != "false"));
}
