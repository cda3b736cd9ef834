using Cluster.Lab.Histories;
using Cluster.Lab.Workloads.Recipes;

namespace Cluster.Lab.Checkers.PubSub;

/// <summary>A history of publish-subscribe, read: subscribe [subscription, kind, group]; publish [message, all or group]; hear [subscription, after]; unsubscribe [subscription].</summary>
internal sealed class PubSubHistory
{
    private readonly Dictionary<(string Topic, string Message), Publication> byMessage = [];
    private readonly Dictionary<string, Subscription> byId = new(StringComparer.Ordinal);

    private PubSubHistory()
    {
    }

    /// <summary>In the order of their calls.</summary>
    public List<Publication> Publications { get; } = [];

    public IReadOnlyCollection<Subscription> Subscriptions => byId.Values;

    public static bool Understands(Operation operation) => operation switch
    {
        { Op: "subscribe", Input: [not null, "topic" or "pattern", _] } => operation.Input[1] == "topic" || operation.Input[2] is null,
        { Op: "publish", Input: [not null, "all" or "group"] } => true,
        { Op: "hear", Input: [not null, not null] } => true,
        { Op: "unsubscribe", Input: [not null] } => true,
        _ => false,
    };

    /// <summary>Who published it; null where nobody did.</summary>
    public Publication? Find(HeardMessage heard) => byMessage.GetValueOrDefault((heard.Topic, heard.Message));

    /// <returns>Null, with the reason, where the history cannot be read as one of publish-subscribe.</returns>
    public static PubSubHistory? Read(History history, out string unreadable)
    {
        var read = new PubSubHistory();
        foreach (var operation in history.Operations.OrderBy(operation => operation.Call))
        {
            if (read.WhyNot(operation) is { } why)
            {
                unreadable = why;
                return null;
            }
        }

        unreadable = "";
        return read;
    }

    private string? WhyNot(Operation operation) => operation.Op switch
    {
        "publish" => Publish(new Publication(operation)),
        "subscribe" => Subscribe(operation),
        _ => byId.TryGetValue(operation.Input[0]!, out var subscription) && subscription.Made.Key == operation.Key ? Use(subscription, operation)
            : $"{operation.Input[0]} is asked for as a subscription to {operation.Key}, which nobody has made",
    };

    private string? Publish(Publication publication)
    {
        Publications.Add(publication);
        return byMessage.TryAdd((publication.Topic, publication.Message), publication) ? null : $"{publication} was published before: nobody can tell the two apart";
    }

    private string? Subscribe(Operation operation)
    {
        var match = operation.Input[1] == "topic" ? TopicMatch.Topic(operation.Key) : TopicMatch.Pattern(operation.Key);
        return match is null ? $"the pattern {operation.Key} has parts that this checker does not read"
            : byId.TryAdd(operation.Input[0]!, new Subscription(operation.Input[0]!, operation, match)) ? null
            : $"two subscriptions are called {operation.Input[0]}";
    }

    private static string? Use(Subscription subscription, Operation operation)
    {
        if (operation.Outcome != Outcome.Ok)
        {
            return null;
        }

        if (operation.Op == "unsubscribe")
        {
            subscription.End(operation);
            return null;
        }

        if (PubSubWords.Read(operation.Output) is not var (newest, messages))
        {
            return $"what {subscription} heard is not as this checker reads it";
        }

        subscription.Hear(operation, newest, [.. messages.Select(message => new HeardMessage(message.Number, message.Topic, message.Message, operation))]);
        return null;
    }
}
