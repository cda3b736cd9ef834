using Cluster.Lab.Histories;
using Cluster.Lab.Workloads;
using Cluster.Lab.Workloads.Sessions;

namespace Cluster.Lab.Tests.Workloads;

/// <summary>A view of the mode cqrs is read whole, page after page, of one moment, and of this run only.</summary>
public class AggregateRecipeTests
{
    private static readonly WorkloadEntry Entry = WorkloadCatalog.Find("event-sourced-orders")!;

    [Fact]
    public async Task All_pages_of_a_view_are_read_and_the_rows_of_other_runs_left_out()
    {
        await using var session = new ModeSession(call => StoreAnswer.Ok(After(call) is null
            ? """{"generation":2,"lag":0,"rows":{"older:i1":{"count":9},"w:i1":{"count":1}},"next":"w:i1"}"""
            : """{"generation":2,"lag":0,"rows":{"w:i2":{"count":2}}}"""));

        var answer = await ReadAsync(session);

        Assert.Equal((Outcome.Ok, """2 {"w:i1":{"count":1},"w:i2":{"count":2}}"""), (answer.Outcome, answer.Output));
        Assert.Equal([null, "w:i1"], session.Calls.Select(After));
    }

    [Theory]
    [InlineData(3, 0)]
    [InlineData(2, 1)]
    public async Task Pages_of_two_moments_are_no_view(int generation, int lag)
    {
        await using var session = new ModeSession(call => StoreAnswer.Ok(After(call) is null
            ? """{"generation":2,"lag":0,"rows":{},"next":"w:i1"}"""
            : $$$"""{"generation":{{{generation}}},"lag":{{{lag}}},"rows":{}}"""));

        Assert.Equal(Outcome.Fail, (await ReadAsync(session)).Outcome);
    }

    [Fact]
    public async Task A_view_that_is_behind_is_let_go_on_and_read_later()
    {
        await using var session = new ModeSession(_ => StoreAnswer.Ok("""{"generation":2,"lag":4,"rows":{}}"""));

        Assert.Equal(Outcome.Fail, (await ReadAsync(session)).Outcome);
        Assert.Equal(["view", "resume"], session.Calls.Select(call => call.Operation));
    }

    private static Task<StoreAnswer> ReadAsync(ModeSession session) => Entry.Recipe(new WorkloadOptions()).ExecuteAsync(session, Entry.Closing("w:view-items")!.Request);

    private static string? After(ModeCall call) => call.Arguments.SingleOrDefault(argument => argument.Name == "after").Value;
}
