using System.Globalization;
using Cluster.Engine.Consensus;
using Cluster.Engine.Simulation.Safety;
using Xunit.Sdk;

namespace Cluster.Simulation.Tests.Clusters;

/// <summary>
/// The whole cluster under everything that a seed can think of: kills, power losses, pauses, partitions, bad links, full and slow disks, at once and in any order,
/// while clients work on few keys. Whatever happened: what the clients saw is linearizable, and once it is over all is well again soon, and equal everywhere.
/// </summary>
public class ChaosTests
{
    /// <summary>The seeds that are run each time. Others by hand: <c>CHAOS_SEEDS=1000-1200</c>.</summary>
    public static TheoryData<int> Seeds
    {
        get
        {
            var range = (Environment.GetEnvironmentVariable("CHAOS_SEEDS") ?? "1-24").Split('-').Select(bound => int.Parse(bound, CultureInfo.InvariantCulture)).ToArray();
            return [.. Enumerable.Range(range[0], range[^1] - range[0] + 1)];
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Clients_see_one_copy_whatever_breaks_and_all_is_equal_after_the_heal(int seed)
    {
        Run(seed, RaftFlaws.None);
    }

    /// <summary>The proof that the runs above would show such a bug: each is planted, and one of some seeds must fail for it.</summary>
    [Theory]
    [InlineData(nameof(RaftFlaws.AcknowledgeBeforePersist))]
    [InlineData(nameof(RaftFlaws.IgnoreCandidateLog))]
    [InlineData(nameof(RaftFlaws.VoteTwice))]
    public void A_planted_bug_is_caught(string flaw)
    {
        var caught = Enumerable.Range(1, 100).Select(seed => (seed, why: WhyItFails(seed, Enum.Parse<RaftFlaws>(flaw)))).FirstOrDefault(run => run.why is not null);
        Assert.True(caught.why is not null, $"100 seeds did not show {flaw}");
    }

    private static string? WhyItFails(int seed, RaftFlaws flaw)
    {
        try
        {
            Run(seed, flaw);
            return null;
        }
        catch (Exception failed) when (failed is XunitException or SafetyViolationException)
        {
            return failed.Message;
        }
    }

    private static void Run(int seed, RaftFlaws flaws)
    {
        var run = new ChaosRun(seed, flaws);
        run.Go(TimeSpan.FromSeconds(8));
        run.HealAndSettle();
        run.Judge();
    }
}
