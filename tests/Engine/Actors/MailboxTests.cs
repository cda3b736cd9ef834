using Cluster.Engine.Port;

namespace Cluster.Engine.Tests.Actors;

/// <summary>What full mailboxes do, and where messages go that find no actor.</summary>
public sealed class MailboxTests
{
    private readonly ActorWorld world = new();
    private readonly List<object> received = [];
    private readonly List<object> letters = [];

    [Fact]
    public void Full_by_default_the_newest_message_goes_to_dead_letters()
    {
        Fill(MailboxOverflow.DropNewest, 1, 2, 3, 4, 5);
        Assert.Equal([1, 2, 3], received);
        Assert.Equal([4, 5], letters);
    }

    [Fact]
    public void Full_with_drop_oldest_the_oldest_goes()
    {
        Fill(MailboxOverflow.DropOldest, 1, 2, 3, 4, 5);
        Assert.Equal([3, 4, 5], received);
        Assert.Equal([1, 2], letters);
    }

    [Fact]
    public void Full_with_drop_oldest_a_stop_does_not_go()
    {
        Fill(MailboxOverflow.DropOldest, 1, 2, PoisonPill.Instance, 3, 4, 5);
        Assert.Empty(received);
        Assert.Equal([1, 2, 3, 4, 5], letters);
    }

    [Fact]
    public void Full_with_fail_the_sender_is_told()
    {
        var error = Assert.Throws<MailboxFullException>(() => Fill(MailboxOverflow.Fail, 1, 2, 3, 4));
        Assert.Contains("holds 3 messages", error.Message, StringComparison.Ordinal);
        world.Settle();
        Assert.Equal([1, 2, 3], received);
    }

    [Fact]
    public void Full_with_fail_a_message_from_another_node_is_a_dead_letter()
    {
        var actor = Bounded(MailboxOverflow.Fail);
        for (var i = 0; i < 5; i++)
        {
            world.System.DeliverRemote(actor.Path.ToString(), i, "");
        }

        world.Settle();
        Assert.Equal([0, 1, 2], received);
        Assert.Equal([3, 4], letters);
    }

    [Fact]
    public void Room_that_was_made_is_used_again()
    {
        var actor = Bounded(MailboxOverflow.DropNewest);
        for (var i = 0; i < 1000; i++)
        {
            for (var j = 0; j < 3; j++)
            {
                actor.Tell((i * 3) + j);
            }

            world.Settle();
        }

        Assert.Equal(Enumerable.Range(0, 3000).Cast<object>(), received);
        Assert.Empty(letters);
    }

    [Fact]
    public void A_stop_finds_room_in_a_full_mailbox()
    {
        Fill(MailboxOverflow.DropNewest, 1, 2, 3, PoisonPill.Instance, 4);
        Assert.Equal([1, 2, 3], received);
        Assert.Equal([4], letters);
    }

    [Fact]
    public void Messages_to_the_dead_and_to_nobody_are_counted_dead_letters()
    {
        var actor = world.Recorder(received);
        actor.Tell(PoisonPill.Instance);
        world.Settle();
        actor.Tell(1);
        world.System.Resolve("/user/nobody/at/all").Tell(2);
        world.System.DeadLetters.Tell(3);
        Assert.Equal(3, world.System.DeadLetterCount);
    }

    [Fact]
    public void A_dead_subscriber_to_dead_letters_does_not_start_a_chain()
    {
        var subscriber = world.Recorder(letters);
        world.System.EventStream.Subscribe(subscriber, typeof(DeadLetter));
        world.Settle();
        subscriber.Tell(PoisonPill.Instance);
        world.System.DeadLetters.Tell(1);
        world.Settle();
        world.System.DeadLetters.Tell(2);
        world.Settle();
        Assert.InRange(world.System.DeadLetterCount, 2, 3);
    }

    [Fact]
    public void A_subscriber_without_room_misses_events_and_harms_nobody()
    {
        var subscriber = world.System.ActorOf(TestActor.Props((_, message) => letters.Add(message)).WithMailbox(1, MailboxOverflow.Fail));
        world.System.EventStream.Subscribe(subscriber, typeof(ActorFailed));
        var actor = world.Start((_, message) =>
        {
            received.Add(message);
            throw new InvalidOperationException();
        });
        for (var i = 0; i < 3; i++)
        {
            world.System.EventStream.Publish(new ActorFailed(actor, new InvalidOperationException(), Directive.Stop));
            actor.Tell(i);
        }

        world.Settle();
        Assert.Equal([0, 1, 2], received);
        Assert.NotEmpty(letters);
    }

    [Fact]
    public void Dead_letters_are_logged_at_a_bounded_rate_with_the_number_skipped()
    {
        var logged = new List<(object Message, long Skipped)>();
        var limited = new ActorWorld(configure: options => options with
        {
            DeadLetterLog = (letter, skipped) => logged.Add((letter.Message, skipped)),
            DeadLetterLogsPerWindow = 2,
            DeadLetterLogWindow = TimeSpan.FromSeconds(10),
        });
        for (var i = 0; i < 100; i++)
        {
            limited.System.DeadLetters.Tell(i);
        }

        limited.Advance(10);
        limited.System.DeadLetters.Tell("next window");
        Assert.Equal([(0, 0L), (1, 0L), ("next window", 98L)], logged);
        Assert.Equal(101, limited.System.DeadLetterCount);
    }

    [Fact]
    public void A_logger_that_throws_harms_nobody()
    {
        var fragile = new ActorWorld(configure: options => options with { FailureLog = _ => throw new InvalidOperationException("disk full") });
        var actor = fragile.Start((_, message) =>
        {
            received.Add(message);
            throw new InvalidOperationException();
        });
        actor.Tell(1);
        actor.Tell(2);
        fragile.Settle();
        Assert.Equal([1, 2], received);
    }

    private IActorRef Bounded(MailboxOverflow overflow)
    {
        var letterReader = world.Start((_, message) => letters.Add(((DeadLetter)message).Message));
        world.System.EventStream.Subscribe(letterReader, typeof(DeadLetter));
        var actor = world.System.ActorOf(TestActor.Props((_, message) => received.Add(message)).WithMailbox(3, overflow));
        world.Settle();
        return actor;
    }

    private void Fill(MailboxOverflow overflow, params object[] messages)
    {
        var actor = Bounded(overflow);
        foreach (var message in messages)
        {
            actor.Tell(message);
        }

        world.Settle();
    }
}
