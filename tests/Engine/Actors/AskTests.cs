using Cluster.Engine.Port;

namespace Cluster.Engine.Tests.Actors;

/// <summary>Asks from outside: one answer, a deadline, no trace left.</summary>
public sealed class AskTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private readonly ActorWorld world = new();

    [Fact]
    public async Task The_first_answer_completes_the_ask_and_later_ones_are_dead_letters()
    {
        var actor = world.Start((self, message) =>
        {
            self.Sender.Tell(message);
            self.Sender.Tell("again");
        });
        var ask = actor.Ask<int>(42, Patience);
        world.Settle();
        Assert.Equal(42, await ask);
        Assert.Equal(1, world.System.DeadLetterCount);
        Assert.Null(world.Time.NextDue);
    }

    [Fact]
    public async Task Without_an_answer_the_ask_fails_and_names_target_and_message()
    {
        var ask = world.Start((_, _) => { }, "silent").Ask<int>("question", Patience);
        world.Advance(4.9);
        Assert.False(ask.IsCompleted);
        world.Advance(0.2);
        var error = await Assert.ThrowsAsync<AskTimeoutException>(() => ask);
        Assert.Equal("/user/silent did not answer String within 5000 ms", error.Message);
    }

    [Fact]
    public async Task An_answer_of_another_type_fails_the_ask()
    {
        var ask = world.Start((self, _) => self.Sender.Tell("text", self.Self), "a").Ask<int>(1, Patience);
        world.Settle();
        var error = await Assert.ThrowsAsync<InvalidCastException>(() => ask);
        Assert.Contains("/user/a answered String", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancelling_ends_the_ask()
    {
        using var source = new CancellationTokenSource();
        var ask = world.Start((_, _) => { }).Ask<int>(1, Patience, source.Token);
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ask);
        Assert.Null(world.Time.NextDue);
    }

    [Fact]
    public async Task A_token_cancelled_before_sends_nothing()
    {
        var received = new List<object>();
        var ask = world.Recorder(received).Ask<int>(1, Patience, new CancellationToken(canceled: true));
        world.Settle();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ask);
        Assert.Empty(received);
        Assert.Null(world.Time.NextDue);
    }

    [Fact]
    public async Task An_asker_is_found_by_its_path_only_while_it_waits()
    {
        string? path = null;
        var ask = world.Start((self, _) =>
        {
            path = self.Sender.Path.ToSerializationFormat(null);
            self.Context.System.Resolve(path).Tell(7);
        }).Ask<int>(1, Patience);
        world.Settle();
        Assert.Equal(7, await ask);
        world.System.Resolve(path!).Tell(8);
        Assert.Equal(1, world.System.DeadLetterCount);
        Assert.Equal(0, world.System.Promises.Count);
    }
}
