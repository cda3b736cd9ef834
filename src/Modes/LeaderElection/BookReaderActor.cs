using Cluster.Engine.Port;
using Cluster.Modes.Hosting;

namespace Cluster.Modes.LeaderElection;

/// <summary>Reads the book for one client: a reply of a region does not say whose question it answers, so each has an actor of its own to come to.</summary>
internal sealed class BookReaderActor(IShardRegion book, IActorRef reader) : Actor
{
    protected override void PreStart() => book.Tell(new ToEntity(TicketDecider.BookId, new ReadTickets()), Self);

    protected override void Receive(object message)
    {
        reader.Tell(message is TicketBook read ? ModeAnswer.Ok(read, ElectionJson.Default.TicketBook) : ModeAnswer.Of(message), Self);
        Context.Stop(Self);
    }
}
