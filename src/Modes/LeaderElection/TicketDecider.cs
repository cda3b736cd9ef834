using System.Collections.Immutable;
using Cluster.Engine.Port;

namespace Cluster.Modes.LeaderElection;

/// <summary>
/// The book of tickets: numbers them without gaps, and takes none under an older epoch than the newest that has written here. It is what the leader writes to, so it is what
/// fences an old leader off (Chubby, Burrows 2006, 2.4: a sequencer that the server checks).
/// </summary>
public sealed class TicketDecider : IDecider<TicketBook, TicketCommand, TicketAssigned>
{
    /// <summary>Changes of leader that are kept: a day of one every ten minutes, several times over.</summary>
    public const int MaxReigns = 1_000;

    /// <summary>The one book. Which shard it lives on makes no difference to who leads.</summary>
    public const string BookId = "tickets";

    public static readonly EntityType<TicketBook, TicketCommand, TicketAssigned> Type =
        new EntityType<TicketBook, TicketCommand, TicketAssigned>("leader-election-book", new TicketDecider(), 1, ElectionJson.Default.TicketBook)
            .Message("assign", 1, ElectionJson.Default.AssignTicket)
            .Message("read", 1, ElectionJson.Default.ReadTickets)
            .Message("assigned", 1, ElectionJson.Default.TicketAssigned)
            .Message("book", 1, ElectionJson.Default.TicketBook);

    public TicketBook Empty { get; } = new(1, []);

    public Decided<TicketAssigned> Decide(TicketBook state, TicketCommand command, EntityContext context) => command switch
    {
        AssignTicket { IsUnfenced: false } assign when state.Reigns is [.., var newest] && IsOver(assign, newest) =>
            Decided<TicketAssigned>.Refuse($"epoch {assign.Epoch} of {assign.Leader} is over: {newest.Leader} has assigned tickets under epoch {newest.Epoch}"),
        AssignTicket assign => Accept(new TicketAssigned(state.Next, assign.Epoch, assign.Leader, assign.Worker)),
        _ => Decided<TicketAssigned>.Answer(state),
    };

    public TicketBook Apply(TicketBook state, TicketAssigned @event) => new(@event.Ticket + 1, Extend(state.Reigns, @event));

    private static Decided<TicketAssigned> Accept(TicketAssigned assigned) => Decided<TicketAssigned>.Accept(assigned).With(assigned);

    /// <summary>Another leader under the newest epoch is as wrong as one under an older one.</summary>
    private static bool IsOver(AssignTicket assign, Reign newest) => assign.Epoch < newest.Epoch || (assign.Epoch == newest.Epoch && assign.Leader != newest.Leader);

    private static ImmutableArray<Reign> Extend(ImmutableArray<Reign> reigns, TicketAssigned ticket)
    {
        if (reigns is [.., var newest] && newest.Epoch == ticket.Epoch && newest.Leader == ticket.Leader)
        {
            return reigns.SetItem(reigns.Length - 1, newest with { Last = ticket.Ticket });
        }

        var kept = reigns.Length < MaxReigns ? reigns : reigns.RemoveAt(0);
        return kept.Add(new Reign(ticket.Epoch, ticket.Leader, ticket.Ticket, ticket.Ticket));
    }
}
