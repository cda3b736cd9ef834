using System.Text.Json;
using Cluster.Modes.Saga;

namespace Cluster.Simulation.Tests.Modes;

/// <summary>
/// The node that drives an order is killed right after each thing that happens to the order, on whole simulated nodes: not sampled, each one. Another node carries it on, and it ends complete
/// or fully compensated while the dead one is still dead.
/// </summary>
public class SagaKillTests(ITestOutputHelper output)
{
    /// <summary>A saga's stall is noticed, and it is carried on and ended within this: what the README says, and the failover of the shards that the dead node led.</summary>
    private static readonly TimeSpan EndsWithin = TimeSpan.FromSeconds(10);

    [Theory]
    [InlineData("orchestrated", "none")]
    [InlineData("orchestrated", "shipping")]
    [InlineData("choreographed", "none")]
    [InlineData("choreographed", "shipping")]
    public void An_order_whose_driver_is_killed_after_any_step_ends_whole(string style, string failAt)
    {
        var kills = 0;
        for (var after = 1; Play(style, failAt, after, out var told); after++)
        {
            output.WriteLine(told);
            kills++;
        }

        Assert.True(kills >= 3, $"killed after {kills} changes only");
    }

    /// <returns>False: the order ended before so much had happened to it, and nobody was killed.</returns>
    private static bool Play(string style, string failAt, int killAfter, out string told)
    {
        var stage = new ModeStage(SagaMode.Mode, seed: 40 + killAfter);
        stage.Ask(1, "start", ("id", "o1"), ("item", "tea"), ("customer", "ann"), ("style", style), ("fail-at", failAt), ("pace", "100ms"), ("timeout", "1h"));

        var (seen, changes) = ("", 0);
        while (changes < killAfter)
        {
            var saga = stage.Ask(2, "show", ("id", "o1"));
            var (phase, now) = (saga.GetProperty("phase").GetString(), Looks(saga));
            changes += now == seen ? 0 : 1;
            seen = now;
            if (phase is "completed" or "compensated")
            {
                told = "";
                return false;
            }
        }

        stage.Cluster.Nodes[0].Kill();
        var killed = stage.Cluster.Now;
        JsonElement end = default;
        stage.Cluster.RunUntil(
            () =>
            {
                end = stage.Ask(2, "show", ("id", "o1"));
                return end.GetProperty("phase").GetString() is "completed" or "compensated";
            },
            EndsWithin,
            () => $"the end of an order whose driver died at {Looks(end)}");

        var done = ModeStage.States(end).Count(state => state is "taken" or "settled");
        Assert.Equal(failAt == "none" ? ("completed", 3) : ("compensated", 0), (end.GetProperty("phase").GetString(), done));
        told = $"{style}, fails at {failAt}: killed at {seen}; {end.GetProperty("phase")} {(stage.Cluster.Now - killed).TotalSeconds:0.0} s later, driven by {end.GetProperty("driver")}";
        return true;
    }

    /// <summary>How far the log is, and what the ledgers say.</summary>
    private static string Looks(JsonElement saga) => saga.ValueKind == JsonValueKind.Undefined
        ? "nothing"
        : string.Join(' ', saga.GetProperty("steps").EnumerateArray().Select(step => step.GetProperty("state").GetString())) + " / " + string.Join(' ', ModeStage.States(saga));
}
