using System.Text.Json;
using Cluster.Engine.Simulation;
using Cluster.Modes.Hosting;
using Cluster.Modes.Lock;
using Cluster.Shared.Results;
using Cluster.Simulation.Tests.Entities;

namespace Cluster.Simulation.Tests.Doors;

/// <summary>Locks through the doors of several nodes: who waits at one is woken by what happens at another, and by nothing else.</summary>
public sealed class LockDoorTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly SimulatedCluster cluster = SimulatedClusters.Ready(1, options => ModeHost.Configure(options with { Shards = 2 }, [LockMode.Mode]));
    private readonly List<ModeHost> doors;

    public LockDoorTests() => doors = [.. cluster.Nodes.Select(node => new ModeHost(node.Engine, [LockMode.Mode]))];

    public void Dispose() => doors.ForEach(door => door.Dispose());

    [Fact]
    public void A_waiter_at_another_node_gets_the_lock_as_soon_as_it_is_released()
    {
        Assert.Equal(1, Ask(1, "acquire", ("session", "a"), ("lease", "1m")).GetProperty("token").GetInt64());
        var waits = Start(2, "acquire", ("session", "b"), ("wait", "4s"));
        cluster.Run(TimeSpan.FromSeconds(1));
        Assert.False(waits.IsCompleted);

        Ask(3, "release", ("token", "1"));
        var before = cluster.Now;
        var granted = Answer(waits);

        Assert.Equal((true, 2L), (granted.GetProperty("granted").GetBoolean(), granted.GetProperty("token").GetInt64()));
        Assert.InRange(cluster.Now - before, TimeSpan.Zero, TimeSpan.FromMilliseconds(60));
    }

    [Fact]
    public void A_waiter_gets_the_lock_when_lease_and_lock_delay_are_over_though_nobody_tells_it()
    {
        Ask(1, "acquire", ("session", "a"), ("lease", "1s"), ("lock-delay", "500ms"));
        var before = cluster.Now;

        var granted = Answer(Start(2, "acquire", ("session", "b"), ("wait", "4s")));

        Assert.True(granted.GetProperty("granted").GetBoolean());
        Assert.InRange(cluster.Now - before, TimeSpan.FromSeconds(1.4), TimeSpan.FromSeconds(1.65));
    }

    [Fact]
    public void Whose_wait_is_over_is_told_its_place_and_goes_on_there()
    {
        Ask(1, "acquire", ("session", "a"), ("lease", "1m"));
        var first = Ask(2, "acquire", ("session", "b"), ("wait", "500ms"));
        Assert.Equal((false, 1, 2L), (first.GetProperty("granted").GetBoolean(), first.GetProperty("place").GetInt32(), first.GetProperty("ticket").GetInt64()));
        Assert.Equal(2, Ask(3, "acquire", ("session", "c"), ("wait", "500ms")).GetProperty("place").GetInt32());

        var again = Start(3, "acquire", ("session", "b"), ("wait", "4s"));
        cluster.Run(TimeSpan.FromMilliseconds(200));
        Ask(1, "release", ("token", "1"));

        Assert.Equal(2, Answer(again).GetProperty("ticket").GetInt64());
    }

    [Fact]
    public void A_waiter_whose_node_dies_is_in_the_way_only_until_its_place_is_over()
    {
        Ask(1, "acquire", ("session", "a"), ("lease", "1m"));
        _ = Start(3, "acquire", ("session", "dead"), ("wait", "4s"), ("keep", "3s"));
        cluster.Run(TimeSpan.FromMilliseconds(200));
        cluster.Nodes[2].Kill();
        cluster.Run(TimeSpan.FromSeconds(2)); // Its shards find other leaders.
        Ask(1, "release", ("token", "1"));

        Assert.True(Answer(Start(2, "acquire", ("session", "b"), ("wait", "4s"))).GetProperty("granted").GetBoolean());
    }

    [Fact]
    public void A_watcher_is_told_of_a_change_through_another_node_and_of_a_lease_that_ends_by_itself()
    {
        Ask(1, "acquire", ("session", "a"), ("lease", "2s"), ("lock-delay", "0s"));
        Assert.Equal(1, Ask(2, "watch", ("revision", "1"), ("wait", "1s")).GetProperty("revision").GetInt64());

        var watched = Answer(Start(2, "watch", ("revision", "1"), ("wait", "4s")));

        Assert.Equal(("free", 2L), (watched.GetProperty("state").GetString(), watched.GetProperty("revision").GetInt64()));
        var again = Start(2, "watch", ("revision", "2"), ("wait", "4s"));
        cluster.Run(TimeSpan.FromMilliseconds(100));
        Ask(3, "acquire", ("session", "b"));
        Assert.Equal("b", Answer(again).GetProperty("session").GetString());
    }

    /// <summary>Its client has given it up, and the request that waits at the first node does not know that.</summary>
    [Fact]
    public void An_acquisition_that_was_given_up_does_not_come_back()
    {
        Ask(1, "acquire", ("session", "a"), ("lease", "1m"));
        var abandoned = Start(2, "acquire", ("session", "b"), ("attempt", "t"), ("wait", "4s"), ("keep", "3s"));
        cluster.Run(TimeSpan.FromMilliseconds(200));
        Ask(3, "withdraw", ("session", "b"), ("attempt", "t"));
        cluster.Run(TimeSpan.FromMilliseconds(100));
        Ask(1, "release", ("token", "1"));
        cluster.Run(TimeSpan.FromSeconds(5));

        Assert.Equal(ErrorCode.Conflict, cluster.Await(new ValueTask<ModeAnswer>(abandoned), Patience).Error!.Code);
        Assert.Equal("free", Ask(1, "show").GetProperty("state").GetString());
    }

    /// <summary>What happens while it looks is news too: the look may have been decided before.</summary>
    [Fact]
    public void A_watcher_hears_at_once_of_each_change_through_its_own_node()
    {
        Ask(1, "acquire", ("session", "a"), ("attempt", "0"));
        for (var entered = 1; entered < 20; entered++)
        {
            var watch = Start(2, "watch", ("revision", $"{entered}"), ("wait", "4s"));
            cluster.Run(TimeSpan.FromMilliseconds(entered / 4.0));
            var before = cluster.Now;
            Ask(2, "acquire", ("session", "a"), ("attempt", $"{entered}"));
            Answer(watch);
            Assert.InRange(cluster.Now - before, TimeSpan.Zero, TimeSpan.FromMilliseconds(60));
        }
    }

    [Fact]
    public void What_is_not_there_and_what_is_too_old_are_refused_in_their_own_words()
    {
        Assert.Equal(ErrorCode.NotFound, Refused(1, "release", ("token", "1")).Code);
        Assert.Equal(ErrorCode.NotFound, Refused(1, "read").Code);
        Ask(1, "access", ("token", "5"), ("value", "new"));
        var late = Refused(2, "access", ("token", "4"));

        Assert.Equal((ErrorCode.Conflict, "token 4 is too old for l: it has been used with token 5 since, so the lock has passed on"), (late.Code, late.Message));
    }

    private JsonElement Ask(int node, string operation, params (string Name, string Value)[] arguments) => Answer(Start(node, operation, arguments));

    private ClusterError Refused(int node, string operation, params (string Name, string Value)[] arguments) => cluster.Await(new ValueTask<ModeAnswer>(Start(node, operation, arguments)), Patience).Error!;

    private JsonElement Answer(Task<ModeAnswer> asked)
    {
        var answer = cluster.Await(new ValueTask<ModeAnswer>(asked), Patience);
        Assert.True(answer.Error is null, $"{answer.Error}");
        return JsonDocument.Parse(answer.Json!).RootElement;
    }

    private Task<ModeAnswer> Start(int node, string operation, params (string Name, string Value)[] arguments)
    {
        var sent = arguments.Append(("name", "l")).ToDictionary(argument => argument.Item1, argument => argument.Item2);
        var asked = LockMode.Mode.FindOperation(operation)!;
        Assert.True(asked.TryRead(sent, out var request, out var error), $"{error}");
        return doors[node - 1].AskAsync(LockMode.Slug, request!, asked.IsRead, ModeHost.Patience, CancellationToken.None);
    }
}
