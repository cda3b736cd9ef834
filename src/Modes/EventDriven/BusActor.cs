using System.Text.Json;
using Cluster.Engine.Port;
using Cluster.Modes.Hosting;
using Cluster.Modes.Streams;
using Cluster.Shared.Results;
using Cluster.Shared.Wire;

namespace Cluster.Modes.EventDriven;

/// <summary>One client's request to the bus: registers, subscribes, publishes, or looks at what a consumer has done.</summary>
internal sealed class BusActor(EventDrivenServices services, ModeRequest request, IActorRef client) : LogConversation(services.Log, client)
{
    private readonly List<SubscriptionLag> partitions = [];

    protected override void PreStart()
    {
        switch (request.Operation)
        {
            case "publish":
                Publish(services.Bus, isFresh: false);
                break;
            case "register":
                Change(new RegisterSchema(request.Text("type"), (int)request.Number("version"), request.Text("fields")));
                break;
            case "subscribe":
                Change(new Subscribe(request.Text("subscription"), [.. (request.Find("types") ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)]));
                break;
            case "unsubscribe":
                Change(new Unsubscribe(request.Text("subscription")));
                break;
            case "bus":
                Change(new ReadBus());
                break;
            case "effects":
                Ask<InboxState>(services.Inboxes, EventDrivenServices.Inbox(request.Text("subscription"), request.Text("key")), new ReadInbox(), Effects);
                break;
            default:
                Ask<GroupState>(services.Groups, request.Text("subscription"), new ShowGroup(), Describe);
                break;
        }
    }

    private void Change(BusCommand command) => Ask<BusState>(services.Registry, BusCore.Id, command, bus =>
    {
        services.Bus = bus;
        var schemas = bus.Schemas.ToDictionary(schema => schema.Key, IReadOnlyList<string> (schema) => schema.Value);
        Answer(ModeAnswer.Ok(new BusAnswer(schemas, bus.Subscriptions.ToDictionary(one => one.Key, IReadOnlyList<string> (one) => one.Value)), EventDrivenJson.Default.BusAnswer));
    });

    /// <summary>An event of a shape that nobody has registered goes no further than here.</summary>
    private void Publish(BusState bus, bool isFresh)
    {
        var (type, version) = (request.Text("type"), (int)request.Number("version"));
        var versions = BusCore.Versions(bus, type);
        if (version > versions.Length)
        {
            if (isFresh)
            {
                Answer(ModeAnswer.NotFound(versions.IsEmpty ? $"there is no event type '{type}': register it first" : $"'{type}' has versions 1 to {versions.Length}, no {version}: register it first"));
            }
            else
            {
                Ask<BusState>(services.Registry, BusCore.Id, new ReadBus(), fresh => Publish(services.Bus = fresh, isFresh: true));
            }

            return;
        }

        if (WhyNot(versions[version - 1], out var data) is { } why)
        {
            Answer(ModeAnswer.Failed(new ClusterError(ErrorCode.BadRequest, $"this is no '{type}' of version {version}: {why}")));
            return;
        }

        var key = request.Text("key");
        var envelope = new EventEnvelope(request.Find("id") ?? Guid(), type, version, key, data, (int)request.Number("fails"));
        var partition = LogSteps.PartitionOf(key, EventDrivenServices.Partitions);
        var record = LogSteps.Record(key, JsonSerializer.Serialize(envelope, EventDrivenJson.Default.EventEnvelope));
        Ask(LogSteps.Transaction(LogSteps.Append(EventDrivenServices.Events(partition), new LogAppend { Records = { record } })), reply =>
        {
            services.Published.Add(1);
            Answer(ModeAnswer.Ok(new PublishAnswer(envelope.Id, type, version, key, partition, reply.Steps[0].Offset), EventDrivenJson.Default.PublishAnswer));
        });
    }

    private string? WhyNot(string fields, out JsonElement data)
    {
        data = default;
        try
        {
            data = JsonSerializer.Deserialize(request.Text("data"), EventDrivenJson.Default.JsonElement);
        }
        catch (JsonException broken)
        {
            return $"data is no JSON: {broken.Message}";
        }

        return EventSchema.TryParse(fields, out var schema, out var bad) ? schema.WhyNot(data) : bad;
    }

    private string Guid() => FormattableString.Invariant($"{services.Node}-{Context.System.Random.NextInt64():x}");

    private void Effects(InboxState inbox) => Answer(ModeAnswer.Ok(
        new EffectsAnswer(request.Text("subscription"), request.Text("key"), inbox.Count, inbox.Total, inbox.Handled, inbox.GivenUp.Count), EventDrivenJson.Default.EffectsAnswer));

    private void Describe(GroupState group)
    {
        var subscription = request.Text("subscription");
        if (partitions.Count < EventDrivenServices.Partitions)
        {
            Ask(LogSteps.Describe(EventDrivenServices.Events(partitions.Count)), reply =>
            {
                var position = reply.Description.Groups.FirstOrDefault(position => position.Group == subscription);
                partitions.Add(new SubscriptionLag(partitions.Count, position is { HasOffset: true } ? position.Offset : reply.Start, reply.End));
                Describe(group);
            });
            return;
        }

        var consumers = group.Members.ToDictionary(member => member.Key, IReadOnlyList<int> (member) => member.Value.Partitions);
        var lag = partitions.Aggregate(0UL, (sum, one) => sum + one.End - Math.Min(one.Position, one.End));
        Answer(ModeAnswer.Ok(new SubscriptionAnswer(subscription, group.Generation, consumers, lag, partitions), EventDrivenJson.Default.SubscriptionAnswer));
    }
}
