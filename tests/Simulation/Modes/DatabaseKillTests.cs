using System.Text.Json;
using Cluster.Modes.DistributedDatabase;

namespace Cluster.Simulation.Tests.Modes;

/// <summary>
/// The node that coordinates a transaction over several ranges is killed right after each thing that is to be seen of it, on whole simulated nodes: intents, decision, resolution. Whoever reads next sees all of it or
/// nothing, and nothing of it is left, while the dead one is still dead.
/// </summary>
public class DatabaseKillTests(ITestOutputHelper output)
{
    private static readonly string[] Keys = ["a", "b", "c", "d"];

    /// <summary>A record that nobody has met is found, and ended, within this: it must be old, and each range is looked at every few seconds.</summary>
    private static readonly TimeSpan TidyWithin = TimeSpan.FromSeconds(30);

    [Fact]
    public void A_transaction_whose_coordinator_is_killed_after_any_step_is_whole_or_not_there()
    {
        var ends = new List<string>();
        for (var after = 1; Play(after, out var end); after++)
        {
            ends.Add(end);
        }

        Assert.Contains("old", ends);
        Assert.Contains("new", ends);
    }

    /// <returns>False: the transaction was through before so much had been seen of it, and nobody was killed.</returns>
    private bool Play(int killAfter, out string end)
    {
        var stage = new ModeStage(DistributedDatabaseMode.Mode, seed: 70 + killAfter);
        stage.Ask(1, "txn", ("steps", Puts("old")));
        stage.Cluster.RunUntil(() => Looks(stage).EndsWith("/ nothing", StringComparison.Ordinal), TidyWithin, () => $"nothing left of the first one: {Looks(stage)}");
        var told = stage.AskAsync(1, "txn", ("steps", Puts("new")), ("pace", "2s"));
        var (seen, changes) = ("", 0);
        while (changes < killAfter)
        {
            var now = Looks(stage);
            changes += now == seen ? 0 : 1;
            seen = now;
            if (told.IsCompleted && now.EndsWith("/ nothing", StringComparison.Ordinal))
            {
                end = "";
                return false;
            }

            stage.Cluster.Run(TimeSpan.FromMilliseconds(5));
        }

        stage.Cluster.Nodes[0].Kill();
        var values = stage.Ask(2, "txn", ("steps", $"[{string.Join(',', Keys.Select(key => $"[\"read\",\"{key}\"]"))}]"))
            .GetProperty("steps").EnumerateArray().Select(step => step.GetProperty("value").GetString()!).ToList();
        end = Assert.Single(values.Distinct());
        Assert.True(!told.IsCompletedSuccessfully || told.Result.Json is null || end == "new", $"its client was told that it committed, and {end} is read");
        stage.Cluster.RunUntil(() => Looks(stage).EndsWith("/ nothing", StringComparison.Ordinal), TidyWithin, () => $"nothing left of {Looks(stage)}");
        output.WriteLine($"killed at {seen}: {end} is read");
        return true;
    }

    /// <summary>What the intents are on, and how the records stand.</summary>
    private static string Looks(ModeStage stage)
    {
        var intents = Keys.Where(key => stage.Ask(2, "where", ("key", key)).TryGetProperty("intent", out _));
        var records = stage.Ask(2, "unfinished").GetProperty("transactions").EnumerateArray().Select(record => record.GetProperty("status").GetString()).ToList();
        return $"intents on {string.Join(' ', intents)} / {(records.Count == 0 ? "nothing" : string.Join(' ', records))}";
    }

    private static string Puts(string value) => JsonSerializer.Serialize(Keys.Select(key => new[] { "put", key, value }));
}
