using Cluster.Modes.PubSub;

namespace Cluster.Modes.Tests.PubSub;

/// <summary>What a slow client's inbox keeps, and what its client can see of what it does not.</summary>
public class InboxCoreTests
{
    [Fact]
    public void What_was_heard_is_given_in_order_again_until_it_is_confirmed()
    {
        var inbox = new InboxCore(dropsOldest: false);
        Assert.Empty(inbox.Take(after: 0, most: 10));
        Hear(inbox, 1, 2, 3);

        Assert.Equal([1L, 2L], Take(inbox, after: 0, most: 2));
        Assert.Equal([1L, 2L, 3L], Take(inbox, after: 0));
        Assert.Equal([3L], Take(inbox, after: 2));
        Assert.Equal([3L], Take(inbox, after: 0)); // What was confirmed is forgotten.
        Assert.Empty(inbox.Take(after: 9, most: 10)); // More than there is: nothing is left, and nothing breaks.
        Hear(inbox, 4);
        Assert.Equal([4L], Take(inbox, after: 3));
    }

    [Fact]
    public void A_client_that_chose_to_be_told_is_cut_off_once_and_keeps_what_had_a_place()
    {
        var inbox = new InboxCore(dropsOldest: false);
        Assert.All(Enumerable.Range(1, InboxCore.MostMessages), number => Assert.True(inbox.Hear(Message(number), size: 1)));
        Assert.Equal(InboxState.Open, inbox.State);

        Assert.False(inbox.Hear(Message(1_001), size: 1));
        Assert.True(inbox.Hear(Message(1_002), size: 1)); // It was on its way already: no second end.
        inbox.Unsubscribe();

        Assert.Equal((InboxState.CutOff, 1_002L, InboxCore.MostMessages), (inbox.State, inbox.Last, inbox.Count));
        Assert.Equal([999L, 1_000L], Take(inbox, after: 998));
    }

    [Fact]
    public void A_client_that_chose_the_newest_loses_the_oldest_and_sees_the_gap()
    {
        var inbox = new InboxCore(dropsOldest: true);
        Assert.All(Enumerable.Range(1, InboxCore.MostMessages + 5), number => Assert.True(inbox.Hear(Message(number), size: 1)));

        Assert.Equal((InboxState.Open, InboxCore.MostMessages), (inbox.State, inbox.Count));
        Assert.Equal([6L, 7L], Take(inbox, after: 0, most: 2));
    }

    [Fact]
    public void Bytes_are_bounded_as_messages_are()
    {
        var half = (InboxCore.MostBytes / 2) - InboxCore.PlaceBytes;
        var told = new InboxCore(dropsOldest: false);
        Assert.True(told.Hear(Message(1), half));
        Assert.True(told.Hear(Message(2), half));
        Assert.False(told.Hear(Message(3), 0));

        var newest = new InboxCore(dropsOldest: true);
        Assert.True(newest.Hear(Message(1), half));
        Assert.True(newest.Hear(Message(2), half));
        Assert.True(newest.Hear(Message(3), half));
        Assert.Equal([2L, 3L], Take(newest, after: 0));
        Assert.True(newest.Hear(Message(4), InboxCore.MostBytes)); // Longer than all of it: a gap, and nothing else is lost for it.
        Assert.Equal((2, 4L), (newest.Count, newest.Last));
        Assert.True(newest.Hear(Message(5), half));
        Assert.Equal([5L], Take(newest, after: 4));

        var patient = new InboxCore(dropsOldest: false);
        Assert.True(patient.Hear(Message(1), InboxCore.MostBytes)); // No sign that its client does not keep up.
        Assert.Equal((InboxState.Open, 1L), (patient.State, patient.Last));
    }

    [Fact]
    public void A_number_that_comes_again_is_an_error_of_the_caller()
    {
        var inbox = new InboxCore(dropsOldest: true);
        Hear(inbox, 2);

        Assert.Throws<InvalidOperationException>(() => inbox.Hear(Message(2), size: 1));
    }

    private static void Hear(InboxCore inbox, params long[] numbers) => Assert.All(numbers, number => Assert.True(inbox.Hear(Message(number), size: 1)));

    private static IEnumerable<long> Take(InboxCore inbox, long after, int most = 10) => inbox.Take(after, most).Select(message => message.Number);

    private static HeardMessage Message(long number) => new(number, "t", "m", null);
}
