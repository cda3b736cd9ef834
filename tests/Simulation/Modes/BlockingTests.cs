using System.Text.Json;
using Cluster.Modes.Hosting;
using Cluster.Modes.TwoPhaseCommit;
using Cluster.Shared.Results;

namespace Cluster.Simulation.Tests.Modes;

/// <summary>
/// The coordinator's node is killed after the votes, after the decision, and after each participant was told. With a local log what it has locked stays locked until it is back; with a replicated one
/// another node finishes it. Either way it commits everywhere or nowhere, and nobody may decide by hand meanwhile.
/// </summary>
public class BlockingTests(ITestOutputHelper output)
{
    /// <summary>How long the coordinator's node stays away: far longer than it takes another node to finish what it may.</summary>
    private static readonly TimeSpan Away = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData("local")]
    [InlineData("replicated")]
    public void Killed_at_each_change_a_coordinator_blocks_only_where_its_log_is_its_own(string coordinator)
    {
        int kills = 0, blocked = 0;
        for (var after = 1; Play(coordinator, after, ref blocked, out var told); after++)
        {
            output.WriteLine(told);
            kills++;
        }

        Assert.True(kills >= 3, $"killed after {kills} changes only");
        Assert.True(blocked >= (coordinator == "local" ? 2 : 0), $"{blocked} of {kills} deaths blocked it");
    }

    /// <returns>False: the order was finished before so much had happened to it.</returns>
    private static bool Play(string coordinator, int killAfter, ref int blocked, out string told)
    {
        var stage = new ModeStage(TwoPhaseCommitMode.Mode, seed: 60 + killAfter);
        var placed = stage.AskAsync(1, "place", ("id", "o1"), ("item", "tea"), ("customer", "ann"), ("coordinator", coordinator), ("pace", "150ms"));
        stage.Cluster.Run(TimeSpan.FromMilliseconds(1));

        var (seen, changes) = ("", 0);
        while (changes < killAfter)
        {
            var now = Looks(stage);
            changes += now == seen || now.Length == 0 ? 0 : 1;
            seen = now;
            if (now.StartsWith("committed", StringComparison.Ordinal) || now.StartsWith("aborted", StringComparison.Ordinal))
            {
                told = "";
                return false;
            }
        }

        stage.Cluster.Nodes[0].Kill();
        var killed = stage.Cluster.Now;
        if (coordinator == "local")
        {
            stage.Cluster.Run(Away);
            var doubt = stage.Ask(2, "in-doubt").GetProperty("transactions");
            if (doubt.GetArrayLength() == 0)
            {
                // That all had carried it out was on its way to the log when it died: nobody waits for it.
                Assert.StartsWith("committing", seen, StringComparison.Ordinal);
            }
            else
            {
                Assert.Contains("blocked until it is back", doubt[0].GetProperty("waitsFor").GetString(), StringComparison.Ordinal);
                var locked = stage.Ask(2, "ledger", ("at", "stock"), ("name", "tea")).TryGetProperty("lockedBy", out var by) ? by.GetString() : null;
                Assert.True(locked == "o1" || !seen.Contains("prepared prepared prepared", StringComparison.Ordinal), "stock is not locked any more");
                var byHand = stage.Cluster.Await(new ValueTask<ModeAnswer>(stage.AskAsync(2, "resolve", ("id", "o1"), ("decision", "abort"))), Away);
                Assert.Equal(ErrorCode.Conflict, byHand.Error!.Code);
                Assert.Contains("n1", byHand.Error.Message, StringComparison.Ordinal);
                blocked++;
            }

            stage.Cluster.Start(1);
        }

        JsonElement end = default;
        stage.Cluster.RunUntil(
            () =>
            {
                end = stage.Ask(2, "show", ("id", "o1"));
                return end.GetProperty("phase").GetString() is "committed" or "aborted";
            },
            TimeSpan.FromSeconds(15),
            () => $"the end of an order whose coordinator died at {seen}");

        var (phase, states) = (end.GetProperty("phase").GetString(), ModeStage.States(end));
        Assert.All(states, state => Assert.Equal(phase == "committed", state == "committed"));
        Assert.All(states, state => Assert.NotEqual("prepared", state));
        Assert.True(!placed.IsCompleted || placed.Result.Json is null || phase == "committed", "its client was told that it had committed");
        told = $"{coordinator}: killed at {seen}; {phase} {(stage.Cluster.Now - killed).TotalSeconds:0.0} s later";
        return true;
    }

    private static string Looks(ModeStage stage)
    {
        var answer = stage.Cluster.Await(new ValueTask<ModeAnswer>(stage.AskAsync(2, "show", ("id", "o1"))), Away);
        if (answer.Json is not { } json)
        {
            return ""; // It has not begun yet.
        }

        using var show = JsonDocument.Parse(json);
        return $"{show.RootElement.GetProperty("phase").GetString()} / {string.Join(' ', ModeStage.States(show.RootElement))}";
    }
}
