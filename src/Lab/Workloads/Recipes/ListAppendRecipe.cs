using System.Text.Json;
using Cluster.Lab.Checkers.Transactions;
using Cluster.Lab.Histories;
using Cluster.Lab.Workloads.Sessions;

namespace Cluster.Lab.Workloads.Recipes;

/// <summary>
/// Transactions of appends to lists and reads of them, as Elle judges (Kingsbury and Alvaro 2020). The lists are keys under one hash tag, <c>{lists}:key</c>, so of one shard where tags mean that. A store that takes whole transactions gets them whole. A read sees what the
/// same transaction appended before.
/// </summary>
internal sealed class ListAppendRecipe : IRecipe
{
    public Task<StoreAnswer> ExecuteAsync(IClientSession session, Request request)
    {
        if (request.Op != "txn")
        {
            throw new ArgumentException($"no recipe for '{request.Op}'", nameof(request));
        }

        var steps = request.Input.Select(step => Read(step!)).ToArray();
        if (session is IStepsSession whole)
        {
            return RunAsync(whole, request.Key, steps);
        }

        var keys = steps.Select(step => step.Key).Distinct(StringComparer.Ordinal).ToArray();
        return Optimistic.RunAsync(session, [.. keys.Select(key => Stored(request.Key, key))], values => Decide(request.Key, steps, keys, values));
    }

    private static async Task<StoreAnswer> RunAsync(IStepsSession session, string lists, MicroOperation[] steps)
    {
        var answer = await session.AppendAndReadAsync([.. steps.Select(step => (Stored(lists, step.Key), step.IsRead ? null : Elements.Of(step.Appended!)))]).ConfigureAwait(false);
        if (answer is not { Outcome: Outcome.Ok, Output: { } output })
        {
            return answer;
        }

        return StoreAnswer.Ok(Told(steps.Zip(session.Seen(output), static (step, seen) => step.IsRead ? step with { Seen = Elements.Split(seen) } : step)));
    }

    private static string Told(IEnumerable<MicroOperation> steps) => $"[{string.Join(',', steps.Select(step => step.ToJson()))}]";

    private static StoreDecision Decide(string lists, MicroOperation[] steps, string[] keys, IReadOnlyList<string?> values)
    {
        var state = keys.Zip(values).ToDictionary(list => list.First, list => list.Second, StringComparer.Ordinal);
        var changed = new SortedSet<string>(StringComparer.Ordinal);
        var done = new MicroOperation[steps.Length];
        for (var at = 0; at < steps.Length; at++)
        {
            var step = steps[at];
            done[at] = step.IsRead ? step with { Seen = Elements.Split(state[step.Key]) } : step;
            if (!step.IsRead)
            {
                state[step.Key] += Elements.Of(step.Appended!);
                changed.Add(step.Key);
            }
        }

        return new StoreDecision([.. changed.Select(key => new StoreWrite(Stored(lists, key), state[key]))], Told(done));
    }

    private static MicroOperation Read(string step)
    {
        using var document = JsonDocument.Parse(step);
        return MicroOperation.Read(document.RootElement);
    }

    private static string Stored(string lists, string key) => $"{{{lists}}}:{key}";
}
