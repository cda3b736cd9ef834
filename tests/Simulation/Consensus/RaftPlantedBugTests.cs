using Cluster.Engine.Consensus;
using Cluster.Engine.Simulation.Safety;

namespace Cluster.Simulation.Tests.Consensus;

/// <summary>Each rule's checker is worth something only if it rejects a core that breaks the rule.</summary>
public sealed class RaftPlantedBugTests(ITestOutputHelper output)
{
    private const ulong MostSeeds = 3000;

    [Theory]
    [InlineData(RaftFlaws.VoteTwice, SafetyRule.ElectionSafety)]
    [InlineData(RaftFlaws.SkipPreviousEntryCheck, SafetyRule.LogMatching)]
    [InlineData(RaftFlaws.IgnoreCandidateLog, SafetyRule.LeaderCompleteness)]
    [InlineData(RaftFlaws.CommitOlderTermByCount, SafetyRule.LeaderCompleteness)]
    [InlineData(RaftFlaws.AcknowledgeBeforePersist, SafetyRule.LeaderCompleteness)]
    [InlineData(RaftFlaws.AcknowledgeBeforePersist, SafetyRule.StateMachineSafety)]
    [InlineData(RaftFlaws.ReadWithoutRound, SafetyRule.ReadFreshness)]
    [InlineData(RaftFlaws.LeaseWithoutMajority, SafetyRule.LeaseFreshness)]
    [InlineData(RaftFlaws.NoGuardAfterRestart, SafetyRule.LeaseFreshness)]
    internal void A_core_with_a_planted_bug_is_caught_by_the_rule_that_it_breaks(RaftFlaws flaw, SafetyRule rule)
    {
        var weather = WeatherFor(flaw) with { HaltsOnInvariant = true, JudgesOnly = rule };
        weather = weather with { Options = weather.Options with { Flaws = flaw } };
        for (var seed = 0UL; seed < MostSeeds; seed++)
        {
            try
            {
                new RaftCluster(seed, weather).Run();
            }
            catch (SimulationViolation caught)
            {
                output.WriteLine($"{flaw}: seed {seed}: {caught.Message}");
                return;
            }
            catch (Exception broken) when (broken is ArgumentException or InvalidOperationException)
            {
                // The run ends where a disk would get, or gave back, a log with a hole.
            }
        }

        Assert.Fail($"{flaw} went unnoticed by {rule} in {MostSeeds} seeds");
    }

    /// <summary>The circumstances in which that bug shows soonest.</summary>
    private static RaftWeather WeatherFor(RaftFlaws flaw) => flaw == RaftFlaws.NoGuardAfterRestart ? RaftWeather.Bridged : RaftWeather.Fierce;
}
