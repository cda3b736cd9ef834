using System.Globalization;
using System.Text.Json;
using Cluster.Engine.Port;
using Cluster.Modes.Hosting;
using Cluster.Modes.Streams;
using Cluster.Shared.Results;
using Cluster.Shared.Wire;

namespace Cluster.Modes.Cqrs;

/// <summary>
/// The command side: reads an order's stream, decides, and appends what happened at the version on which it was decided. Somebody else's event in between is a conflict: it decides anew, or, where the client
/// said which version it had seen, tells it so.
/// </summary>
internal sealed class CommandActor(CqrsServices services, ModeRequest request, IActorRef client) : OrderConversation(services.Log, client)
{
    /// <summary>How often it decides anew: more writers than that meet on one order only by mistake.</summary>
    private const int MaxConflicts = 5;

    private readonly OrderCommand order = new(
        request.Text("id"), request.Text("verb"), request.Find("customer") ?? "anybody", request.Find("item") ?? "anything", request.Number("amount"));

    private int conflicts;

    protected override void PreStart()
    {
        if (OrderNames.WhyNot(order) is { } why)
        {
            Answer(ModeAnswer.Failed(new ClusterError(ErrorCode.BadRequest, why)));
        }
        else
        {
            Read();
        }
    }

    private string Command => request.Find("command") ?? FormattableString.Invariant($"{services.Node}-{Context.System.Random.NextInt64():x}");

    private void Read() => ReadOrder(order.Id, Decide);

    private void Decide(IReadOnlyList<OrderEvent> events, LogReply reply)
    {
        if (request.Find("command") is { } sent && events.Index().FirstOrDefault(happened => happened.Item.Command == sent) is { Item: not null } before)
        {
            if (OrderAggregate.WhyNotAgain(before.Item, order) is { } other)
            {
                Answer(ModeAnswer.Conflict(other));
                return;
            }

            var then = OrderAggregate.Of(events.Take(before.Index + 1));
            Answer(Told(then, reply.End, isRepeated: true)); // The end is at or past it: a query that waits for it sees it.
            return;
        }

        var aggregate = OrderAggregate.Of(events);
        if (request.Find("expect") is not null && (ulong)request.Number("expect") != aggregate.Version)
        {
            services.Conflicts.Add(1);
            Answer(ModeAnswer.Conflict($"order {order.Id} is at version {aggregate.Version}, not {request.Number("expect")}: look at it again"));
            return;
        }

        if (aggregate.Decide(order, Command, out var why) is { } happens)
        {
            Append(aggregate, happens, aggregate.Version);
        }
        else
        {
            Answer(ModeAnswer.Conflict(why!));
        }
    }

    private void Append(OrderAggregate aggregate, OrderEvent happens, ulong version) => AskWhatever(
        CqrsServices.Append(order.Id, JsonSerializer.Serialize(happens, CqrsJson.Default.OrderEvent), version),
        reply =>
        {
            if (reply.Status == LogStatus.Conflict && conflicts++ < MaxConflicts)
            {
                services.Conflicts.Add(1);
                if (services.DecidesOnce)
                {
                    ReadOrder(order.Id, (fresh, _) => Append(aggregate, happens, (ulong)fresh.Count));
                }
                else
                {
                    Read();
                }
            }
            else if (LogAnswers.Refusal(reply) is { } refusal)
            {
                Answer(refusal);
            }
            else
            {
                services.Commands.Add(1);
                Answer(Told(aggregate.After(happens) with { Version = version + 1 }, reply.Steps[1].Offset + 1, isRepeated: false));
            }
        });

    /// <param name="position">Where a view must stand to have it.</param>
    private ModeAnswer Told(OrderAggregate now, ulong position, bool isRepeated) => ModeAnswer.Ok(
        new CommandAnswer(order.Id, now.Status, now.Version, string.Create(CultureInfo.InvariantCulture, $"{CqrsServices.PartitionOf(order.Id)}:{position}"), isRepeated), CqrsJson.Default.CommandAnswer);
}
