using Cluster.Modes.Federated;

namespace Cluster.Modes.Tests.Federated;

/// <summary>The figure of the README, step by step: east is lost with a write that nobody has, west takes over, east is back, and its region goes home.</summary>
public class FailoverTraceTests
{
    [Fact]
    public void A_failover_and_a_failback()
    {
        var world = new TwoClusters();
        var story = new List<string>();
        Step("east writes, west follows", () =>
        {
            world.Write("east", "a", "1");
            world.Write("east", "b", "1");
            world.Pull("west", "east");
        });
        Step("east writes, and is lost", () => world.Write("east", "c", "1"));
        Step("failover", () =>
        {
            world.Ask("west", new TakeHome());
            world.Write("west", "a", "2");
        });
        Step("east is back and hears of it", () => world.Ask("east", new LearnEpochs(world["west"].Epochs)));
        Step("its tail is settled", () =>
        {
            world.HandIn("east", "west");
            world.Pull("east", "west");
        });
        Step("failback", () =>
        {
            world.Ask("west", new HandOver("east"));
            world.Pull("east", "west");
        });
        Step("east writes again", () =>
        {
            world.Write("east", "a", "3");
            world.Pull("west", "east");
        });

        Assert.Equal(
            """
            -- east writes, west follows
            east: home east under 1, at 1.east.2, tail 0; a=1.east.1:1 b=1.east.2:1
            west: home east under 1, at 1.east.2, tail 0; a=1.east.1:1 b=1.east.2:1
            -- east writes, and is lost
            east: home east under 1, at 1.east.3, tail 0; a=1.east.1:1 b=1.east.2:1 c=1.east.3:1
            west: home east under 1, at 1.east.2, tail 0; a=1.east.1:1 b=1.east.2:1
            -- failover
            east: home east under 1, at 1.east.3, tail 0; a=1.east.1:1 b=1.east.2:1 c=1.east.3:1
            west: home west under 2, at 2.west.1, tail 0; a=2.west.1:2 b=1.east.2:1
            -- east is back and hears of it
            east: home west under 2, at 1.east.2, tail 1; a=1.east.1:1 b=1.east.2:1 c=1.east.3:1
            west: home west under 2, at 2.west.1, tail 0; a=2.west.1:2 b=1.east.2:1
            -- its tail is settled
            east: home west under 2, at 2.west.2, tail 0; a=2.west.1:2 b=1.east.2:1 c=2.west.2:1
            west: home west under 2, at 2.west.2, tail 0; a=2.west.1:2 b=1.east.2:1 c=2.west.2:1
            -- failback
            east: home east under 3, at 2.west.2, tail 0; a=2.west.1:2 b=1.east.2:1 c=2.west.2:1
            west: home east under 3, at 2.west.2, tail 0; a=2.west.1:2 b=1.east.2:1 c=2.west.2:1
            -- east writes again
            east: home east under 3, at 3.east.1, tail 0; a=3.east.1:3 b=1.east.2:1 c=2.west.2:1
            west: home east under 3, at 3.east.1, tail 0; a=3.east.1:3 b=1.east.2:1 c=2.west.2:1
            """,
            string.Join('\n', story),
            ignoreLineEndingDifferences: true);

        void Step(string what, Action step)
        {
            step();
            story.Add($"-- {what}\n{world.Story()}");
        }
    }
}
