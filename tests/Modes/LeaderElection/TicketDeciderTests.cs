using Cluster.Engine.Port;
using Cluster.Modes.LeaderElection;

namespace Cluster.Modes.Tests.LeaderElection;

/// <summary>The book of tickets, command by command.</summary>
public class TicketDeciderTests
{
    private readonly TicketDecider decider = new();

    [Fact]
    public void Tickets_are_numbered_without_gaps_and_reigns_are_told_apart()
    {
        var book = Play(new AssignTicket(3, "n1", "n1"), new AssignTicket(3, "n1", "n2"), new AssignTicket(7, "n2", "n3"));

        Assert.Equal(4, book.Next);
        Assert.Equal([new Reign(3, "n1", 1, 2), new Reign(7, "n2", 3, 3)], book.Reigns);
    }

    [Theory]
    [InlineData(6, "n1", "epoch 6 of n1 is over: n2 has assigned tickets under epoch 7")]
    [InlineData(7, "n1", "epoch 7 of n1 is over: n2 has assigned tickets under epoch 7")]
    public void An_older_epoch_is_refused_and_so_is_another_leader_of_the_newest(ulong epoch, string leader, string why)
    {
        var decided = Decide(Play(new AssignTicket(7, "n2", "n3")), new AssignTicket(epoch, leader, "n1"));

        Assert.Equal(why, decided.Refusal);
        Assert.Empty(decided.Events);
    }

    [Fact]
    public void Reading_changes_nothing()
    {
        var book = Play(new AssignTicket(7, "n2", "n3"));
        var decided = Decide(book, new ReadTickets());

        Assert.Equal(book, decided.Reply);
        Assert.Empty(decided.Events);
    }

    [Fact]
    public void The_oldest_reigns_are_forgotten_past_the_bound()
    {
        var book = Play([.. Enumerable.Range(1, TicketDecider.MaxReigns + 5).Select(epoch => new AssignTicket((ulong)epoch, "n1", "n1"))]);

        Assert.Equal(TicketDecider.MaxReigns, book.Reigns.Length);
        Assert.Equal(6ul, book.Reigns[0].Epoch);
    }

    private TicketBook Play(params IEnumerable<TicketCommand> commands) =>
        commands.Aggregate(decider.Empty, (book, command) => Decide(book, command).Events.Aggregate(book, decider.Apply));

    private Decided<TicketAssigned> Decide(TicketBook book, TicketCommand command) => ((IDecider<TicketBook, TicketCommand, TicketAssigned>)decider).Decide(book, command, new EntityContext(TicketDecider.BookId, DateTimeOffset.UnixEpoch));
}
