using System.Text.Json;
using Cluster.Lab.Histories;

namespace Cluster.Lab.Checkers.Federation;

/// <summary>
/// No write that a home took alone goes without a trace. Each cluster counts, for each group, what it took up again of tails, what lost there and is listed, and what waits to be settled: together that is one for each key of
/// which the next home lacked an acknowledged write, at least.
/// </summary>
internal sealed class TailCounts
{
    private readonly List<View> views;

    public TailCounts(History history) =>
        views = [.. history.Operations.Where(operation => operation is { Op: "regions", Outcome: Outcome.Ok, Output: not null }).Select(View.Of).OfType<View>().OrderBy(view => view.Call)];

    /// <param name="alone">Keys with such a write, each with the home that took it.</param>
    public void Check(string group, HomeChain chain, IReadOnlyCollection<(string Key, long Epoch, string Home)> alone, Evidence evidence)
    {
        if (alone.Count == 0 || InTheEnd(group, chain) is not { } last)
        {
            return;
        }

        var known = last.Sum(count => count.Tail + count.Lost + count.Recovered);
        if (known < alone.Count)
        {
            var keys = string.Join(", ", alone.OrderBy(one => one.Key, StringComparer.Ordinal).Take(4).Select(one => $"{one.Key} under {one.Epoch}.{one.Home}"));
            evidence.Add($"{group}: acknowledged writes on {alone.Count} keys had not been replicated when the home changed ({keys}), and of {known} in all it is known that they were taken up again, lost or wait for it");
        }
    }

    /// <summary>
    /// How every cluster stood once each had learnt of the last home: that one last of all, since whatever was still waiting elsewhere a moment before may have been settled there since. Null: nobody looked then, and nothing is concluded.
    /// </summary>
    private List<Count>? InTheEnd(string group, HomeChain chain)
    {
        var (number, home, _, _) = chain.Changes.Last();
        if (views.FindLast(view => view.Here == home && view.Knows(group, number, home)) is not { } atHome)
        {
            return null;
        }

        var last = new List<Count> { atHome.Groups[group] };
        foreach (var other in atHome.Others)
        {
            if (views.FindLast(view => view.Here == other && view.Return < atHome.Call && view.Knows(group, number, home)) is not { } before)
            {
                return null;
            }

            last.Add(before.Groups[group]);
        }

        return last;
    }

    /// <summary>A group as one cluster counts.</summary>
    private sealed record Count(long Number, string Home, long Tail, long Lost, long Recovered);

    /// <summary>How a cluster said that its groups stand.</summary>
    private sealed record View(string Here, IReadOnlyList<string> Others, long Call, long Return, IReadOnlyDictionary<string, Count> Groups)
    {
        public bool Knows(string group, long number, string home) => Groups.TryGetValue(group, out var count) && (count.Number, count.Home) == (number, home);

        /// <summary>Null for an answer that lacks what is counted.</summary>
        public static View? Of(Operation operation)
        {
            using var json = JsonDocument.Parse(operation.Output!);
            if (!json.RootElement.TryGetProperty("here", out var here) || !json.RootElement.TryGetProperty("silentMs", out var others))
            {
                return null;
            }

            return new View(
                here.GetString()!,
                [.. others.EnumerateObject().Select(other => other.Name)],
                operation.Call,
                operation.Return,
                json.RootElement.GetProperty("groups").EnumerateArray().ToDictionary(
                    group => group.GetProperty("group").GetString()!,
                    group => new Count(Number(group, "epoch"), group.GetProperty("home").GetString()!, Number(group, "tail"), Number(group, "lost"), Number(group, "recovered")),
                    StringComparer.Ordinal));
        }

        private static long Number(JsonElement group, string name) => group.GetProperty(name).GetInt64();
    }
}
