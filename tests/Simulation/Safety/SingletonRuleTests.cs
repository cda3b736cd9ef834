using Cluster.Engine.Simulation.Safety;
using Cluster.Simulation.Tests.Entities;

namespace Cluster.Simulation.Tests.Safety;

/// <summary>The rule on singletons catches, by itself, a node that counts its lease longer than the others wait for it.</summary>
public class SingletonRuleTests
{
    private static readonly TimeSpan WrongLease = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_singleton_that_may_act_on_two_nodes_is_caught(int seed)
    {
        var (stage, first) = WrongHost(seed);
        var host = 1 + stage.Cluster.Nodes.ToList().IndexOf(first.Node);
        stage.Cluster.Safety.JudgesOnly = SafetyRule.OneSingletonActs;
        stage.Cluster.Partition([host], [.. new[] { 1, 2, 3 }.Where(number => number != host)]);

        var caught = Assert.Throws<SafetyViolationException>(() => stage.Cluster.Run(TimeSpan.FromSeconds(30))).Violation;

        Assert.Equal(SafetyRule.OneSingletonActs, caught.Rule);
        Assert.Equal(first.Node.Name.ToString(), caught.Nodes[1]);
        Assert.Contains("singleton clock may act on", caught.Sentence, StringComparison.Ordinal);
    }

    /// <summary>Whoever is to run it is the one whose lease is wrong.</summary>
    private static (SingletonStage Stage, SingletonStage.Life First) WrongHost(int seed)
    {
        foreach (var wrong in new[] { "n1", "n2", "n3" })
        {
            var stage = new SingletonStage(seed, options => options.Name.ToString() != wrong ? options : options with { Singletons = options.Singletons with { Lease = WrongLease, Margin = 2 * WrongLease } });
            if (stage.AwaitLive() is var first && first.Node.Name.ToString() == wrong)
            {
                return (stage, first);
            }
        }

        throw new InvalidOperationException("the singleton ran on none of the nodes");
    }
}
