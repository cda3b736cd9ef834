using Cluster.Lab.Histories;
using Cluster.Lab.Workloads;
using Cluster.Lab.Workloads.Sessions;

namespace Cluster.Lab.Tests.Workloads;

/// <summary>Orders are put to a mode as the history tells them, and its answers become what the checkers read.</summary>
public class OrderRecipeTests
{
    private static readonly WorkloadOptions Options = new() { Processes = 3, Seed = 7 };

    [Theory]
    [InlineData("saga-orders", "saga", "style")]
    [InlineData("two-phase-commit-orders", "two-phase-commit", "coordinator")]
    public async Task An_order_is_placed_with_all_that_the_history_says_of_it(string workload, string mode, string variant)
    {
        var entry = WorkloadCatalog.Find(workload)!;
        var place = Requests(entry).First(request => request.Op == "place");
        await using var session = new ModeSession(_ => StoreAnswer.Ok("""{"id":"x","outcome":"completed"}"""));

        var answer = await entry.Recipe(Options).ExecuteAsync(session, place);

        Assert.Equal((Outcome.Ok, "completed"), (answer.Outcome, answer.Output));
        var call = Assert.Single(session.Calls);
        Assert.Equal((mode, "place", false), (call.Mode, call.Operation, call.IsRead));
        Assert.Equal(place.Input, new[] { variant, "item", "quantity", "customer", "price", "carrier", "fail-at", "pace" }.Select(name => call.Arguments.Single(argument => argument.Name == name).Value));
        Assert.Equal(place.Key, call.Arguments.Single(argument => argument.Name == "id").Value);
    }

    [Fact]
    public async Task The_end_is_waited_for_until_nothing_is_under_way()
    {
        var entry = WorkloadCatalog.Find("saga-orders")!;
        var open = 1;
        await using var session = new ModeSession(_ => StoreAnswer.Ok($$"""{"open":{{open}},"completed":3,"compensated":1}"""));
        var ended = entry.Closing("ended:w:")!.Request;

        Assert.Equal(Outcome.Fail, (await entry.Recipe(Options).ExecuteAsync(session, ended)).Outcome);
        open = 0;
        Assert.Equal(Outcome.Ok, (await entry.Recipe(Options).ExecuteAsync(session, ended)).Outcome);
    }

    [Fact]
    public async Task Every_ledger_that_an_order_may_concern_is_read_in_the_end()
    {
        var entry = WorkloadCatalog.Find("saga-orders")!;
        var keys = entry.Generator(Options, 0).Keys.ToHashSet();
        await using var session = new ModeSession(_ => StoreAnswer.Ok("{}"));

        Assert.All(Requests(entry).Where(request => request.Op == "place"), place => Assert.All([$"stock/{place.Input[1]}", $"payment/{place.Input[3]}", $"shipping/{place.Input[5]}"], ledger => Assert.Contains(ledger, keys)));
        Assert.Equal("ended", entry.Closing(keys.Order(StringComparer.Ordinal).First())!.Request.Op);
        Assert.Equal("ended", entry.Closing(keys.Order(StringComparer.Ordinal).Last())!.Request.Op);
        await entry.Recipe(Options).ExecuteAsync(session, entry.Closing("stock/w:i3")!.Request);
        Assert.Equal([("at", "stock"), ("name", "w:i3")], session.Calls[0].Arguments);
    }

    [Fact]
    public void No_two_clients_place_one_order()
    {
        var entry = WorkloadCatalog.Find("saga-orders")!;

        Assert.Distinct(Enumerable.Range(0, 3).SelectMany(client => Requests(entry, client)).Where(request => request.Op == "place").Select(request => request.Key));
    }

    private static List<Request> Requests(WorkloadEntry entry, int client = 0)
    {
        var generator = entry.Generator(Options, client);
        return [.. Enumerable.Range(0, 200).Select(_ => generator.Next())];
    }
}
