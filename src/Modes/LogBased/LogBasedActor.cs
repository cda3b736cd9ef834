using Cluster.Engine.Port;
using Cluster.Modes.Hosting;
using Cluster.Modes.Storage;
using Cluster.Shared.Results;

namespace Cluster.Modes.LogBased;

/// <summary>The log's door on one node: a child for each request, so that one that waits holds nobody up, and a child for each table. It keeps nothing that the log does not have.</summary>
internal sealed class LogBasedActor : Actor
{
    /// <summary>Requests of one node at a time; each is an actor and an answer of up to a megabyte.</summary>
    private const int MaxRequests = 2_000;

    /// <summary>Topics that are remembered: one that is not costs a question more.</summary>
    private const int MaxKnown = 10_000;

    /// <summary>Tables that one node holds, each of no more keys than its partition keeps records.</summary>
    private const int MaxTables = 64;

    private readonly IModeNode node;
    private readonly LogBasedServices services;
    private readonly Dictionary<string, TopicSettings> known = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Topic, int Partition), IActorRef> tables = [];
    private readonly HashSet<IActorRef> retired = []; // Tables that nobody will ask any more, and that have not ended yet.
    private int open;

    public LogBasedActor(IModeNode node) => (this.node, services) = (node, new LogBasedServices(node));

    /// <summary>A request that fails is not begun again: it may have taken effect.</summary>
    protected override SupervisorStrategy SupervisorStrategy => SupervisorStrategy.Stopping;

    protected override void Receive(object message)
    {
        switch (message)
        {
            case ModeRequest when open == MaxRequests:
                Overloaded(Sender, $"{node.Name} has {MaxRequests} requests for logs under way, the most it may: ask another node, or later");
                break;
            case ModeRequest request:
                open++;
                Context.Watch(Context.ActorOf(Serve(request, Sender)));
                break;
            case TopicKnown topic when known.Count < MaxKnown:
                known[topic.Topic] = topic.Settings;
                break;
            case TopicKnown:
                break;
            case TableWanted wanted:
                ShowTable(wanted);
                break;
            case PeekView peek:
                ShowTable(new TableWanted(KeyTopic.Name, KeyTopic.PartitionOf(peek.Key), new PeekOfTable(Sender, peek.Key, node.Name.ToString())));
                break;
            case TableIdle idle:
                Release(idle);
                break;
            case Terminated { Actor: var actor } when tables.FirstOrDefault(table => table.Value.Equals(actor)) is { Value: not null } table:
                tables.Remove(table.Key);
                break;
            case Terminated terminated:
                open -= retired.Remove(terminated.Actor) ? 0 : 1;
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private Props Serve(ModeRequest request, IActorRef client)
    {
        var (topic, output, keys) = (Known(request.Find("topic")), Known(request.Find("output")), Known(KeyTopic.Name));
        return request.Operation switch
        {
            "create" or "topic" => Props.Create(() => new TopicActor(services, request, client)),
            "append" => Props.Create(() => new AppendActor(services, request, client, topic)),
            "fetch" => Props.Create(() => new FetchActor(services, request, client, topic)),
            "producer" => Props.Create(() => new ProducerActor(services, request, client)),
            "join" or "heartbeat" or "leave" or "group" or "forget-group" => Props.Create(() => new MemberActor(services, request, client, topic)),
            "table" => Props.Create(() => new TableRequestActor(services, request, client, topic)),
            StorageOperations.Get => Props.Create(() => new KeyReadActor(services, request, client, keys)),
            StorageOperations.Put or StorageOperations.Delete => Props.Create(() => new KeyWriteActor(services, request, client, keys)),
            StorageOperations.Scan => Props.Create(() => new KeyScanActor(services, request, client, keys)),
            StorageOperations.Where => Props.Create(() => new KeyWhereActor(node, request.Text(StorageOperations.Key), client)),
            "claim" or "commit" or "process" => Props.Create(() => new PositionActor(services, request, client, topic, output)),
            _ => throw new ArgumentException($"a log has no operation {request.Operation}", nameof(request)),
        };
    }

    private TopicSettings? Known(string? topic) => topic is null ? null : known.GetValueOrDefault(topic);

    private void ShowTable(TableWanted wanted)
    {
        var (topic, partition) = (wanted.Topic, wanted.Partition);
        if (!tables.TryGetValue((topic, partition), out var table))
        {
            if (tables.Count == MaxTables)
            {
                if (wanted.Question is not PeekOfTable) // Whoever looks is told by silence.
                {
                    Overloaded(wanted.Question.Client, $"{node.Name} holds {MaxTables} tables, the most it may: ask another node, or when one has been idle for a minute");
                }

                return;
            }

            table = Context.Watch(Context.ActorOf(Props.Create(() => new TableActor(services, topic, partition))));
            tables.Add((topic, partition), table);
        }

        table.Tell(wanted.Question, Self);
    }

    private void Release(TableIdle idle)
    {
        if (tables.TryGetValue((idle.Topic, idle.Partition), out var table) && table.Equals(Sender))
        {
            tables.Remove((idle.Topic, idle.Partition));
            retired.Add(table);
        }

        Sender.Tell(new StopTable(), Self);
    }

    private void Overloaded(IActorRef client, string why) => client.Tell(ModeAnswer.Failed(new ClusterError(ErrorCode.Overloaded, why)), Self);
}
