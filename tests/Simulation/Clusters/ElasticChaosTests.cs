using System.Globalization;

namespace Cluster.Simulation.Tests.Clusters;

/// <summary>Nodes come, go and die for good while everything else breaks: no answer was wrong, and in the end everything is where it belongs.</summary>
public class ElasticChaosTests
{
    /// <summary>The seeds that are run each time. Others by hand: <c>ELASTIC_SEEDS=1000-1200</c>.</summary>
    public static TheoryData<int> Seeds
    {
        get
        {
            var range = (Environment.GetEnvironmentVariable("ELASTIC_SEEDS") ?? "1-8").Split('-').Select(bound => int.Parse(bound, CultureInfo.InvariantCulture)).ToArray();
            return [.. Enumerable.Range(range[0], range[^1] - range[0] + 1)];
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Members_come_and_go_while_everything_breaks_and_clients_see_one_copy(int seed)
    {
        var run = new ElasticChaosRun(seed);
        run.Go(TimeSpan.FromSeconds(12));
        run.HealAndSettle();
        run.Judge();
    }
}
