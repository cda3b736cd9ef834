using Cluster.Engine.Port;

namespace Cluster.Simulation.Tests.Entities;

/// <summary>The decider alone: pure functions need no cluster.</summary>
public class CounterTests
{
    private static readonly EntityContext Context = new("c", DateTimeOffset.UnixEpoch);
    private readonly Counter counter = new();

    [Fact]
    public void Adding_gives_the_event_and_the_new_total()
    {
        var decided = counter.Decide(new Total(2), new Add(3), Context);
        Assert.Equal(new Added(3), Assert.Single(decided.Events));
        Assert.Equal(new Total(5), decided.Reply);
        Assert.Equal(new Total(5), counter.Apply(new Total(2), decided.Events[0]));
    }

    [Fact]
    public void It_refuses_to_shrink()
    {
        var decided = counter.Decide(new Total(2), new Add(-1), Context);
        Assert.Equal("it only grows", decided.Refusal);
        Assert.Empty(decided.Events);
    }
}
