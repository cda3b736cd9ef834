using Cluster.Lab.Comparison;
using Cluster.Lab.Histories;
using Ended = Cluster.Lab.Histories.Outcome;

namespace Cluster.Lab.Tests.Comparison;

/// <summary>The strongest model of a history, from histories that satisfy just one more than the next.</summary>
public sealed class StrongestModelTests
{
    private int at;

    [Fact]
    public void One_copy_is_linearizable() => Assert.Equal("linearizable", Found(Write(1, "1"), Read(2, "n1", "1"), Read(3, "n2", "1")));

    [Fact]
    public void A_reader_that_lags_behind_but_never_goes_back_is_sequential() =>
        Assert.Equal("sequential", Found(Write(1, "1"), Write(1, "2"), Read(2, "n2", "1"), Read(2, "n2", "2"), Read(3, "n1", "2")));

    [Fact]
    public void A_reader_that_goes_back_leaves_convergence_at_most() =>
        Assert.Equal("eventual", Found(Write(1, "1"), Write(1, "2"), Read(2, "n2", "2"), Read(2, "n2", "1"), Read(3, "n1", "2"), Read(4, "n2", "2")));

    [Fact]
    public void Nodes_that_say_different_things_in_the_end_keep_nothing() =>
        Assert.Equal(StrongestModel.None, Found(Write(1, "1"), Write(1, "2"), Read(2, "n2", "2"), Read(2, "n2", "1"), Read(3, "n1", "2"), Read(4, "n2", "1")));

    [Fact]
    public void What_the_next_stronger_one_lacks_is_said()
    {
        var (_, why) = StrongestModel.Of(Outcome(Write(1, "1"), Write(1, "2"), Read(2, "n2", "1"), Read(2, "n2", "2"), Read(3, "n1", "2")), TimeProvider.System);
        Assert.StartsWith("linearizable: ", why, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("linearizable", "session", true)]
    [InlineData("eventual", "strong-eventual", true)]
    [InlineData("eventual", "bounded-staleness", true)]
    [InlineData("eventual", "linearizable", false)]
    [InlineData("session", "sequential", false)]
    [InlineData(StrongestModel.None, "eventual", false)]
    public void A_claim_is_kept_by_what_is_as_strong(string found, string claimed, bool kept) => Assert.Equal(kept, StrongestModel.IsAsStrongAs(found, claimed));

    private static string Found(params Operation[] operations) => StrongestModel.Of(Outcome(operations), TimeProvider.System).Model;

    private static FaultOutcome Outcome(params Operation[] operations)
    {
        var history = new History(operations, []);
        return new FaultOutcome(history, history, [], 0);
    }

    private Operation Write(int process, string value) => new(process, "write", "k", [value], ++at, ++at, Ended.Ok, null, "n1");

    private Operation Read(int process, string node, string value) => new(process, "read", "k", [], ++at, ++at, Ended.Ok, value, node);
}
