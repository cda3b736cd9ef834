using Cluster.Lab.Checkers.Breakers;
using Cluster.Lab.Histories;
using Cluster.Lab.Workloads;
using Cluster.Lab.Workloads.Recipes;
using Cluster.Lab.Workloads.Sessions;

namespace Cluster.Lab.Tests.Workloads;

/// <summary>Callers and their operator, put to a mode as the history tells them.</summary>
public class BreakerWorkloadTests
{
    private static readonly WorkloadEntry Entry = WorkloadCatalog.Find("breaker")!;
    private static readonly WorkloadOptions Options = new() { Processes = 4, Seed = 3 };

    [Fact]
    public void No_two_calls_have_one_id_and_only_the_operator_sets_a_health()
    {
        var requests = Enumerable.Range(0, 4).Select(client => Requests(client, 600)).ToList();

        Assert.Distinct(requests.SelectMany(client => client).Where(request => request.Op == "invoke").Select(request => request.Input[2]));
        Assert.Equal(["failing", "slow", "failing", "flapping"], requests[0].Where(request => request.Op == "health").Select(request => request.Input[0]).Where(kind => kind != "fast").Take(4));
        Assert.DoesNotContain(requests.Skip(1).SelectMany(client => client), request => request.Op == "health");
    }

    [Fact]
    public void The_operator_calls_only_what_is_well_and_callers_call_all()
    {
        Assert.DoesNotContain(Requests(0, 600), request => request is { Op: "invoke", Key: "n1" });
        Assert.Equal(["n1", "n2", "n3"], Requests(1, 600).Where(request => request.Op == "invoke").Select(request => request.Key).Distinct().Order());
    }

    [Fact]
    public void Every_operation_is_one_that_its_checker_understands() => Assert.All(
        Enumerable.Range(0, 2).SelectMany(client => Requests(client, 300)).Append(Entry.Closing("n1")!.Request),
        request => Assert.True(new BreakerChecker().Understands(new Operation(0, request.Op, request.Key, request.Input, 0, 1, Outcome.Ok)), request.ToString()));

    [Fact]
    public void What_was_received_is_read_page_by_page_until_one_is_empty()
    {
        var step = Entry.Closing("n2")!;

        Assert.Equal(["1"], step.Request.Input);
        Assert.Equal(["501"], step.Then!("""{"attempts":[{"seq":499},{"seq":500}]}""")!.Input);
        Assert.Null(step.Then!("""{"attempts":[]}"""));
    }

    [Fact]
    public void Each_operation_of_the_history_is_one_of_the_mode()
    {
        var calls = new List<ModeCall>();
        var store = new FakeStore(new VirtualClock()) { Mode = call => Note(calls, call) };
        foreach (var request in new[] { new Request("invoke", "n1", "add", "i", "k"), new Request("invoke", "n1", "get", "i", "k"), new Request("health", "n1", "slow", "9ms", "1", "1s"), new Request("received", "n1", "7"), new Request("proxies", "") })
        {
            var clock = new VirtualClock();
            clock.Run(async () => await new BreakerRecipe().ExecuteAsync(new FakeSession(store, 0, clock, 0), request));
        }

        Assert.Equal([("add", false), ("get", true), ("health", false), ("received", true), ("show", true)], calls.Select(call => (call.Operation, call.IsRead)));
        Assert.All(calls, call => Assert.Equal("circuit-breaker", call.Mode));
        Assert.Equal([("to", "n1"), ("item", "i"), ("id", "k")], calls[0].Arguments);
    }

    private static StoreAnswer Note(List<ModeCall> calls, ModeCall call)
    {
        calls.Add(call);
        return StoreAnswer.Ok("{}");
    }

    private static List<Request> Requests(int client, int count)
    {
        var generator = Entry.Generator(Options, client);
        return [.. Enumerable.Range(0, count).Select(_ => generator.Next())];
    }
}
