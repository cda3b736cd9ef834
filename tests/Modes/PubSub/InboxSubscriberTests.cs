using Cluster.Engine.Port;
using Cluster.Modes.PubSub;
using Google.Protobuf;

namespace Cluster.Modes.Tests.PubSub;

/// <summary>What waits for an inbox's turn is bounded in messages and bytes, and nothing is lost unseen.</summary>
public class InboxSubscriberTests
{
    private readonly Told told = new();

    [Fact]
    public void The_actor_is_told_once_for_all_that_waits()
    {
        var subscriber = new InboxSubscriber { Inbox = told };
        Deliver(subscriber, 3, 10);

        Assert.Equal([1, 2, 3], subscriber.Take().Select(heard => heard.Number));
        Assert.Empty(subscriber.Take());
        Deliver(subscriber, 1, 10);

        Assert.Equal([MessagesWait.Instance, MessagesWait.Instance], told.Messages);
        Assert.Equal([4], subscriber.Take().Select(heard => heard.Number));
    }

    [Theory]
    [InlineData(1, InboxSubscriber.MostMessages)]
    [InlineData(10_000, InboxSubscriber.MostBytes / 10_000)]
    public void What_finds_no_place_leaves_a_gap_and_what_comes_after_the_turn_is_heard(int bytes, int most)
    {
        var subscriber = new InboxSubscriber { Inbox = told };
        Deliver(subscriber, most + 5, bytes);

        Assert.Equal(Enumerable.Range(1, most).Select(number => (long)number), subscriber.Take().Select(heard => heard.Number));
        Deliver(subscriber, 1, bytes);
        Assert.Equal([most + 6], subscriber.Take().Select(heard => heard.Number));
    }

    private static void Deliver(InboxSubscriber subscriber, int count, int bytes)
    {
        for (var message = 0; message < count; message++)
        {
            subscriber.Deliver(ByteString.Empty, ByteString.CopyFrom(new byte[bytes]));
        }
    }

    private sealed class Told : IActorRef
    {
        public List<object> Messages { get; } = [];

        public ActorPath Path => throw new NotSupportedException();

        public void Tell(object message, IActorRef? sender = null) => Messages.Add(message);

        public Task<T> Ask<T>(object message, TimeSpan timeout, CancellationToken cancellation = default) => throw new NotSupportedException();
    }
}
