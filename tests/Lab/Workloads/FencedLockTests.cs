using Cluster.Lab.Checkers;
using Cluster.Lab.Histories;
using Cluster.Lab.Workloads;

namespace Cluster.Lab.Tests.Workloads;

/// <summary>The workload of the mode <c>lock</c> on locks that are right, and on such as are wrong in one way each.</summary>
public class FencedLockTests
{
    private static readonly WorkloadEntry Entry = WorkloadCatalog.Find("fenced-lock")!;

    /// <summary>Leases so short that now and then one ends while its holder is at work.</summary>
    private static readonly WorkloadOptions Options = new() { Processes = 8, LockLease = TimeSpan.FromMilliseconds(8) };

    [Fact]
    public void Locks_that_keep_their_promise_are_found_to_keep_it_and_every_word_is_used()
    {
        var (history, _) = Record(FakeLocks.Wrong.Nothing, operations: 6_000);

        Assert.All(CatalogTests.Judge(Entry, history), result => Assert.True(result.Verdict == Verdict.Holds, $"{result.Summary}\n{string.Join('\n', result.Details)}"));
        Assert.All(["acquire", "renew", "access", "release", "withdraw"], op => Assert.Contains(history.Operations, operation => operation.Op == op && operation.Outcome == Outcome.Ok));
        Assert.Contains(history.Operations, operation => operation is { Op: "access", Outcome: Outcome.Fail });
        Assert.Contains(history.Operations, operation => operation is { Op: "release", Outcome: Outcome.Ok, Output: "1" });
        Assert.Contains(history.Operations, operation => operation is { Op: "acquire", Output: { } output } && output.StartsWith("0 ", StringComparison.Ordinal));
        Assert.Contains(history.Operations, operation => operation.Outcome == Outcome.Info);
        Assert.All(history.Operations, operation => Assert.True(CheckerCatalog.Find("lock")!.Create(CheckLimits.Default, TimeProvider.System).Understands(operation), $"{operation}"));
    }

    [Theory]
    [InlineData(nameof(FakeLocks.Wrong.Unfenced))]
    [InlineData(nameof(FakeLocks.Wrong.TokenReused))]
    [InlineData(nameof(FakeLocks.Wrong.LastComeFirstServed))]
    [InlineData(nameof(FakeLocks.Wrong.HeldForGood))]
    [InlineData(nameof(FakeLocks.Wrong.Uncounted))]
    public void Locks_with_a_flaw_are_caught(string wrong)
    {
        var (history, locks) = Record(Enum.Parse<FakeLocks.Wrong>(wrong), operations: 3_000);

        Assert.True(locks.Spoiled > 0, "the flaw never showed");
        Assert.Contains(CatalogTests.Judge(Entry, history), result => result.Verdict == Verdict.Violated);
    }

    private static (History History, FakeLocks Locks) Record(FakeLocks.Wrong wrong, int operations)
    {
        FakeLocks? locks = null;

        // A queue needs holders that keep what they have until they give it back.
        var options = wrong == FakeLocks.Wrong.LastComeFirstServed ? Options with { LockLease = TimeSpan.FromMilliseconds(60) } : Options;
        var (history, _) = CatalogTests.Record(Entry, Flaw.None, options, operations, clock => (locks = new FakeLocks(clock, wrong)).Answer);
        return (history, locks!);
    }
}
