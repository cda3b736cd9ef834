using Cluster.Engine.Port;
using Cluster.Modes.Streams;
using Cluster.Shared.Wire;

namespace Cluster.Modes.Cqrs;

/// <summary>A conversation that reads orders' streams: each to its end, however many replies of the log that takes.</summary>
internal abstract class OrderConversation(IDurableLog log, IActorRef client) : LogConversation(log, client)
{
    /// <param name="then">Given all that has happened to the order, and the last reply.</param>
    protected void ReadOrder(string id, Action<IReadOnlyList<OrderEvent>, LogReply> then) => ReadOn(id, [], then);

    private void ReadOn(string id, IReadOnlyList<OrderEvent> before, Action<IReadOnlyList<OrderEvent>, LogReply> then) => Ask(CqrsServices.ReadStream(id, (ulong)before.Count), reply =>
    {
        IReadOnlyList<OrderEvent> events = [.. before, .. OrderAggregate.Read(reply)];
        if (reply.Batches.Count > 0 && (ulong)events.Count < reply.NextOffset)
        {
            ReadOn(id, events, then);
        }
        else
        {
            then(events, reply);
        }
    });
}
