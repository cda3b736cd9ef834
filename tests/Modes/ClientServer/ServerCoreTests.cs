using Cluster.Modes.ClientServer;

namespace Cluster.Modes.Tests.ClientServer;

/// <summary>The server, call by call: what is decided on, what is answered again, and what is forgotten. Durability is the moment of Apply.</summary>
public class ServerCoreTests
{
    private readonly ServerCore server = new();

    [Fact]
    public void A_call_that_is_sent_again_takes_effect_once_and_gets_the_same_answer()
    {
        var first = Write(Put("a", 1, "k", "one"));
        Write(Put("b", 1, "k", "two"));

        Assert.Equal(first, server.Decide(Put("a", 1, "k", "one")).Reply);
        Assert.Equal("two", server.Find("k").Value);
    }

    [Fact]
    public void A_call_that_is_under_way_is_not_begun_again()
    {
        var move = server.Decide(Put("a", 1, "k", "one"));

        Assert.Equal(ServerMove.Nothing, server.Decide(Put("a", 1, "k", "one")));
        Assert.Equal(new ServerAnswer(1, "one", 1), server.Apply(move.Event!));
    }

    [Fact]
    public void What_the_client_has_answers_to_is_forgotten_and_late_copies_of_it_do_nothing()
    {
        Write(Put("a", 1, "k", "one"));
        Write(Put("a", 2, "k", "two"));
        Write(Put("a", 3, "k", "three", firstOpen: 3));

        Assert.Equal(ServerMove.Nothing, server.Decide(Put("a", 1, "k", "one")));
        Assert.Equal(ServerMove.Nothing, server.Decide(Put("a", 2, "k", "two")));
        Assert.Equal(new ServerAnswer(3, "three", 3, Replaced: true), server.Decide(Put("a", 3, "k", "three", firstOpen: 3)).Reply);
        Assert.Single(server.Snapshot().Clients.Single().Done);
    }

    [Fact]
    public void A_comparison_that_failed_is_answered_the_same_when_it_is_sent_again_and_would_hold()
    {
        Write(Put("a", 1, "k", "one"));
        var denied = Ask(server, Compare("b", 1, "k", "two", "three"));
        Write(Put("a", 2, "k", "two"));

        Assert.True(denied!.IsConflict);
        Assert.Equal(denied, Ask(server, Compare("b", 1, "k", "two", "three")));
        Assert.Equal("two", server.Find("k").Value);
    }

    [Fact]
    public void A_comparison_that_failed_has_failed_after_a_restart_too()
    {
        var denied = Ask(server, Compare("b", 1, "k", "two", "three"));
        Write(Put("a", 1, "k", "two"));
        var again = new ServerCore();
        again.Restore(server.Snapshot());

        Assert.Equal(denied, Ask(again, Compare("b", 1, "k", "two", "three")));
        Assert.Equal("two", again.Find("k").Value);
    }

    [Fact]
    public void A_comparison_that_failed_is_forgotten_once_its_client_has_the_answer_and_a_late_copy_of_it_does_nothing()
    {
        Ask(server, Compare("b", 1, "k", "two", "three"));
        Ask(server, Put("b", 2, "k", "two", firstOpen: 2));

        Assert.Null(Ask(server, Compare("b", 1, "k", "two", "three")));
        Assert.Single(server.Snapshot().Clients.Single().Done);
    }

    [Fact]
    public void A_comparison_whose_denial_is_on_its_way_to_the_disk_is_not_judged_again()
    {
        var denial = server.Decide(Compare("b", 1, "k", "two", "three")).Event!;
        Write(Put("a", 1, "k", "two"));

        Assert.Equal(ServerMove.Nothing, server.Decide(Compare("b", 1, "k", "two", "three")));
        Assert.True(server.Apply(denial).IsConflict);
    }

    [Fact]
    public void While_the_disk_has_no_room_no_write_is_begun_and_none_is_refused()
    {
        var first = Put("a", 1, "k", "one");
        var underWay = server.Decide(first).Event!;

        Assert.Equal(ServerMove.Nothing, server.Decide(first, hasRoom: false)); // To be refused, it must not take effect: it will.
        Assert.Equal(ServerMove.Nothing, server.Decide(Put("a", 2, "k", "two"), hasRoom: false)); // Nor this one: a copy of it may come when there is room.
        Assert.Equal(ServerMove.Nothing, server.Decide(Compare("a", 3, "k", "two", "three"), hasRoom: false));
        server.Apply(underWay);
        Assert.NotNull(server.Decide(first, hasRoom: false).Reply);
        Assert.Equal("one", server.Decide(Get("b", 1, "k"), hasRoom: false).Reply!.Value);
        Assert.Equal(2, Write(Put("a", 2, "k", "two")).Version);
    }

    [Fact]
    public void Without_sessions_a_call_that_is_sent_again_writes_over_what_came_between()
    {
        var broken = new ServerCore(countsCalls: false);
        broken.Apply(broken.Decide(Put("a", 1, "k", "one")).Event!);
        broken.Apply(broken.Decide(Put("b", 1, "k", "two")).Event!);

        broken.Apply(broken.Decide(Put("a", 1, "k", "one")).Event!);
        Assert.Equal("one", broken.Find("k").Value);
    }

    [Fact]
    public void A_comparison_is_with_what_is_about_to_be_and_a_read_with_what_is_durable()
    {
        var coming = server.Decide(Put("a", 1, "k", "one")).Event!;

        Assert.Null(server.Decide(Get("b", 1, "k")).Reply!.Value);
        var denial = server.Decide(Compare("b", 2, "k", null, "two")).Event!;
        var swapped = server.Decide(Compare("b", 3, "k", "one", "two")).Event!;
        server.Apply(coming);
        Assert.Equal(new ServerAnswer(2, null, 1, IsConflict: true), server.Apply(denial)); // Behind the write that it rests on.
        Assert.Equal("one", server.Decide(Get("b", 4, "k")).Reply!.Value);
        Assert.Equal(new ServerAnswer(3, "two", 2, Replaced: true), server.Apply(swapped));
    }

    [Fact]
    public void A_deletion_says_whether_there_was_something_and_the_version_goes_on()
    {
        Assert.False(Write(Delete("a", 1, "k")).Replaced);
        Write(Put("a", 2, "k", "one"));

        Assert.Equal(new ServerAnswer(3, null, 3, Replaced: true), Write(Delete("a", 3, "k")));
        Assert.Equal(new StoredEntry("k", null, 3), server.Find("k"));
        Assert.Equal(0, server.Keys);
    }

    [Fact]
    public void Of_too_many_clients_the_one_that_was_silent_longest_is_forgotten()
    {
        for (var client = 0; client < ServerCore.MostClients; client++)
        {
            Write(Put($"c{client}", 1, "k", "x"));
        }

        Write(Put("c0", 2, "k", "x"));
        Write(Put("new", 1, "k", "x"));

        Assert.Equal(ServerCore.MostClients, server.Clients);
        Assert.NotNull(server.Decide(Put("c0", 1, "k", "x")).Reply);
        Assert.NotNull(server.Decide(Put("c1", 1, "k", "x")).Event); // Forgotten: its call would be carried out again.
    }

    [Fact]
    public void Who_has_too_many_calls_open_is_refused() =>
        Assert.Contains("calls open", server.Decide(Put("a", ServerCore.MostOpen + 1, "k", "x")).Refusal, StringComparison.Ordinal);

    [Fact]
    public void What_is_restored_from_a_snapshot_answers_as_the_one_that_gave_it()
    {
        Write(Put("a", 1, "k", "one"));
        Write(Put("b", 1, "l", "two"));
        Write(Delete("a", 2, "k", firstOpen: 2));
        var again = new ServerCore();
        again.Restore(server.Snapshot());

        var (one, other) = (server.Snapshot(), again.Snapshot());
        Assert.Equal(one.Keys, other.Keys);
        Assert.Equal(one.Clients.Select(client => (client.Client, client.FirstOpen)), other.Clients.Select(client => (client.Client, client.FirstOpen)));
        foreach (var call in new[] { Put("a", 1, "k", "one"), Delete("a", 2, "k", firstOpen: 2), Put("b", 1, "l", "two"), Get("c", 1, "k"), Get("c", 2, "l"), Put("a", 3, "k", "three") })
        {
            Assert.Equal(server.Decide(call), again.Decide(call));
        }
    }

    private static ServerCall Put(string client, long number, string key, string value, long firstOpen = 1) => new(client, number, firstOpen, ServerOperation.Put, key, value);

    private static ServerCall Delete(string client, long number, string key, long firstOpen = 1) => new(client, number, firstOpen, ServerOperation.Delete, key);

    private static ServerCall Get(string client, long number, string key) => new(client, number, 1, ServerOperation.Get, key);

    private static ServerCall Compare(string client, long number, string key, string? expected, string value) => new(client, number, 1, ServerOperation.CompareAndSet, key, value, expected);

    /// <summary>What a call is answered, once that is durable; null: nothing.</summary>
    private static ServerAnswer? Ask(ServerCore asked, ServerCall call) => asked.Decide(call) is var move && move.Event is { } happened ? asked.Apply(happened) : move.Reply;

    private ServerAnswer Write(ServerCall call) => server.Apply(server.Decide(call).Event!);
}
