using Cluster.Lab.Checkers;
using Cluster.Lab.Histories;
using Cluster.Lab.Workloads;

namespace Cluster.Lab.Tests.Workloads;

/// <summary>The workload of the mode <c>pub-sub</c> on topics that are right, and on such as are wrong in one way each.</summary>
public class PubSubWorkloadTests
{
    private static readonly WorkloadEntry Entry = WorkloadCatalog.Find("pub-sub")!;

    private static readonly WorkloadOptions Options = new() { Processes = 8 };

    [Fact]
    public void Topics_that_keep_their_promise_are_found_to_keep_it_and_every_word_is_used()
    {
        var (history, _) = Record(FakeTopics.Wrong.Nothing, operations: 6_000);

        Assert.All(CatalogTests.Judge(Entry, history), result => Assert.True(result.Verdict == Verdict.Holds, $"{result.Summary}\n{string.Join('\n', result.Details)}"));
        Assert.All(["subscribe", "publish", "hear", "unsubscribe"], op => Assert.Contains(history.Operations, operation => operation.Op == op && operation.Outcome == Outcome.Ok));
        Assert.All(["topic", "pattern"], kind => Assert.Contains(history.Operations, operation => operation.Op == "subscribe" && operation.Input[1] == kind));
        Assert.Contains(history.Operations, operation => operation.Op == "publish" && operation.Input[1] == "group" && operation.Output == "1 0 0");
        Assert.Contains(history.Operations, operation => operation.Outcome == Outcome.Info);
        Assert.All(history.Operations, operation => Assert.True(CheckerCatalog.Find("pub-sub")!.Create(CheckLimits.Default, TimeProvider.System).Understands(operation), $"{operation}"));
    }

    [Theory]
    [InlineData(nameof(FakeTopics.Wrong.Twice))]
    [InlineData(nameof(FakeTopics.Wrong.Overtaken))]
    [InlineData(nameof(FakeTopics.Wrong.AfterTheEnd))]
    [InlineData(nameof(FakeTopics.Wrong.WholeGroup))]
    [InlineData(nameof(FakeTopics.Wrong.Everything))]
    public void Topics_with_a_flaw_are_caught(string wrong)
    {
        var (history, topics) = Record(Enum.Parse<FakeTopics.Wrong>(wrong), operations: 3_000);

        Assert.True(topics.Spoiled > 0, "the flaw never showed");
        Assert.Contains(CatalogTests.Judge(Entry, history), result => result.Verdict == Verdict.Violated);
    }

    [Fact]
    public void The_same_seed_gives_the_same_history_and_another_seed_another()
    {
        static string Run(int seed) => string.Join('\n', CatalogTests.Record(Entry, Flaw.None, Options with { Seed = seed }, 500, _ => new FakeTopics().Answer).History.Operations);

        Assert.Equal(Run(7), Run(7));
        Assert.NotEqual(Run(7), Run(8));
    }

    private static (History History, FakeTopics Topics) Record(FakeTopics.Wrong wrong, int operations)
    {
        var topics = new FakeTopics(wrong);
        return (CatalogTests.Record(Entry, Flaw.None, Options, operations, _ => topics.Answer).History, topics);
    }
}
