using System.Text.Json;
using Cluster.Lab.Histories;

namespace Cluster.Lab.Checkers.Events;

/// <summary>
/// Events that are delivered at least once and handled once in effect: publish [id, fails] on a key; effects and, once all is through, handled give the ids that had their effect, in its order; dead gives those
/// that were given up; redrive the one that was sent again. Every event that was acknowledged has had its effect once, or is a dead letter; those of one key in the order in which they were published.
/// </summary>
public sealed class EventsChecker : IChecker
{
    /// <summary>Attempts at which every consumer has given up.</summary>
    private const int Poison = 1_000;

    /// <summary>Ids that an inbox remembers: with more, the oldest are not told any more.</summary>
    private const int Remembered = 1_000;

    public string Name => "events";

    public bool Understands(Operation operation) => operation is { Op: "publish", Input: [not null, not null] } or { Op: "subscribe" or "effects" or "handled" or "dead" or "redrive" };

    public CheckResult Check(History history)
    {
        var evidence = new Evidence();
        var (published, broken, handled, gone, unread) = (0, 0, 0, 0, 0);
        try
        {
            var answered = history.Operations.Where(operation => operation.Outcome == Outcome.Ok).ToList();
            var dead = answered.Where(operation => operation.Op == "dead").MaxBy(operation => operation.Return) is { } last ? IdsOf(last).ToHashSet(StringComparer.Ordinal) : null;
            var redriven = history.Operations.Where(operation => operation.Op == "redrive").ToList();
            var sentAgain = redriven.Where(operation => operation.Output is not null).Select(operation => operation.Output!).ToHashSet(StringComparer.Ordinal);
            var mayBeSentAgain = redriven.Exists(operation => operation.Outcome == Outcome.Info);
            foreach (var key in history.Operations.Where(operation => operation.Op == "publish").GroupBy(operation => operation.Key).OrderBy(key => key.Key, StringComparer.Ordinal))
            {
                var events = key.GroupBy(operation => operation.Input[0]!).ToDictionary(id => id.Key, id => Together([.. id]), StringComparer.Ordinal);
                published += events.Values.Count(operation => operation.Outcome == Outcome.Ok);
                if (dead is null || answered.Where(operation => operation.Op == "handled" && operation.Key == key.Key).MaxBy(operation => operation.Return) is not { } read || IdsOf(read) is not { Count: < Remembered } ids)
                {
                    unread++;
                    continue;
                }

                handled += ids.Count;
                gone += events.Keys.Count(dead.Contains);
                broken += CheckKey(key.Key, events, ids, dead, id => sentAgain.Contains(id) || mayBeSentAgain, evidence);
                broken += CheckOrder(events, ids, sentAgain, mayBeSentAgain, evidence);
                broken += answered.Where(operation => operation.Op == "effects" && operation.Key == key.Key).Count(look => !IsBeginning(look, ids, evidence));
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return new CheckResult(Name, Verdict.Unknown, "an answer is no list of ids", []);
        }

        return evidence.Conclude(
            Name,
            $"published {published}, handled {handled}, dead letters {gone}, broken {broken}",
            broken > 0,
            unread > 0 ? $"what became of {unread} keys was not read" : published == 0 ? "nothing was published" : null);
    }

    private static int CheckKey(string key, Dictionary<string, Operation> events, List<string> ids, HashSet<string> dead, Func<string, bool> wasSentAgain, Evidence evidence)
    {
        var broken = 0;
        foreach (var twice in ids.GroupBy(id => id, StringComparer.Ordinal).Where(id => id.Count() > 1))
        {
            Break($"again: event \"{twice.Key}\" of {key} had its effect {twice.Count()} times");
        }

        var had = ids.ToHashSet(StringComparer.Ordinal);
        foreach (var id in had.Where(id => !events.TryGetValue(id, out var by) || by.Outcome == Outcome.Fail))
        {
            Break($"phantom: event \"{id}\" of {key} had an effect, and nobody published it");
        }

        foreach (var (id, by) in events)
        {
            var isPoison = int.TryParse(by.Input[1], out var fails) && fails >= Poison;
            if (by.Outcome == Outcome.Ok && !had.Contains(id) && !dead.Contains(id))
            {
                Break($"lost: {by} was acknowledged, and had no effect; nor is it a dead letter");
            }
            else if (had.Contains(id) && dead.Contains(id))
            {
                Break($"both: event \"{id}\" of {key} had its effect and is a dead letter");
            }
            else if ((had.Contains(id) && isPoison && !wasSentAgain(id)) || (dead.Contains(id) && !isPoison))
            {
                Break($"wrong end: event \"{id}\" of {key}, which fails {by.Input[1]} times, {(dead.Contains(id) ? "is a dead letter" : "had an effect")}");
            }
        }

        return broken;

        void Break(string line)
        {
            broken++;
            evidence.Add(line);
        }
    }

    /// <summary>Of a key: what was acknowledged before another one was published has its effect before it; not of those that were dead letters in between.</summary>
    private static int CheckOrder(Dictionary<string, Operation> events, List<string> ids, HashSet<string> sentAgain, bool mayBeSentAgain, Evidence evidence)
    {
        var places = ids.Index().GroupBy(id => id.Item, StringComparer.Ordinal).ToDictionary(id => id.Key, id => id.First().Index, StringComparer.Ordinal);
        var ordered = events.Values
            .Where(by => by.Outcome == Outcome.Ok && places.ContainsKey(by.Input[0]!) && !sentAgain.Contains(by.Input[0]!) && !(mayBeSentAgain && by.Input[1] != "0"))
            .ToList();
        var broken = 0;
        foreach (var (before, after) in Rising.Broken(ordered, by => places[by.Input[0]!], by => by.Call, by => by.Return))
        {
            broken++;
            evidence.Add($"out of order: {after} had its effect before {before}, which was acknowledged before it was published");
        }

        return broken;
    }

    private static bool IsBeginning(Operation look, List<string> ids, Evidence evidence)
    {
        var seen = IdsOf(look);
        if (seen.Count <= ids.Count && seen.SequenceEqual(ids.Take(seen.Count), StringComparer.Ordinal))
        {
            return true;
        }

        evidence.Add($"different: process {look.Process} saw {seen.Count} effects on {look.Key} at {Instant.Of(look.Return)} that are no beginning of those in the end");
        return false;
    }

    /// <summary>An event that was published again by its id is one, which began with the first call.</summary>
    private static Operation Together(List<Operation> calls)
    {
        var told = calls.Find(call => call.Outcome == Outcome.Ok) ?? calls.Find(call => call.Outcome == Outcome.Info) ?? calls[0];
        return told with { Call = calls.Min(call => call.Call) };
    }

    private static List<string> IdsOf(Operation operation)
    {
        using var document = JsonDocument.Parse(operation.Output ?? "null");
        return [.. document.RootElement.EnumerateArray().Select(id => id.GetString() ?? "")];
    }
}
