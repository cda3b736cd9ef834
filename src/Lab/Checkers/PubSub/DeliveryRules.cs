using Cluster.Lab.Histories;

namespace Cluster.Lab.Checkers.PubSub;

/// <summary>What must hold of everything that was heard, whatever is broken and whatever was lost.</summary>
internal static class DeliveryRules
{
    /// <returns>How often a rule is broken.</returns>
    public static int Judge(PubSubHistory read, Evidence evidence)
    {
        var broken = 0;
        var groups = new Dictionary<(Publication Message, string Group), Subscription>();
        foreach (var subscription in read.Subscriptions.OrderBy(subscription => subscription.Made.Call))
        {
            foreach (var fault in Faults(read, subscription).Concat(InOrder(read, subscription)).Concat(OneOfEachGroup(read, subscription, groups)))
            {
                broken++;
                evidence.Add(fault);
            }
        }

        return broken;
    }

    private static IEnumerable<string> Faults(PubSubHistory read, Subscription subscription)
    {
        foreach (var (first, second) in subscription.Contradictions)
        {
            yield return $"{subscription} was given \"{first.Message}\" at {Instant.Of(first.Told.Return)} and \"{second.Message}\" at {Instant.Of(second.Told.Return)}, both as its message {first.Number}";
        }

        var seen = new Dictionary<(string Topic, string Message), long>();
        foreach (var heard in subscription.Heard.Values)
        {
            if (!seen.TryAdd((heard.Topic, heard.Message), heard.Number))
            {
                yield return $"{subscription} heard \"{heard.Message}\" twice, as its messages {seen[(heard.Topic, heard.Message)]} and {heard.Number}";
            }

            if (WhyNot(read.Find(heard), subscription, heard) is { } why)
            {
                yield return $"{subscription} heard {why}";
            }
        }
    }

    /// <summary>Why this subscription should never have heard it.</summary>
    private static string? WhyNot(Publication? message, Subscription subscription, HeardMessage heard) =>
        message is null ? $"\"{heard.Message}\" on {heard.Topic} by {Instant.Of(heard.Told.Return)}, which nobody published"
        : message.Operation.Outcome == Outcome.Fail ? $"{message}, which its publisher was told had failed"
        : message.Operation.Call > heard.Told.Return ? $"{message}, already at {Instant.Of(heard.Told.Return)}"
        : !subscription.Match.Covers(message.Topic) ? $"{message}, which it did not subscribe to"
        : message.ToGroups != subscription.Group is not null ? $"{message} {(message.ToGroups ? "to groups, and it is in none" : "to all without a group, and it is in one")}"
        : subscription.Ended is { } ended && ended.Return < message.Operation.Call ? $"{message}, after its end had been confirmed at {Instant.Of(ended.Return)}"
        : null;

    /// <summary>What one node published is heard in the order in which it was published there, as far as its clients' times tell.</summary>
    private static IEnumerable<string> InOrder(PubSubHistory read, Subscription subscription)
    {
        var latest = new Dictionary<string, Publication>(StringComparer.Ordinal);
        foreach (var heard in subscription.Heard.Values)
        {
            if (read.Find(heard) is not { Operation: { Node: { } node, Outcome: Outcome.Ok } operation } message)
            {
                continue;
            }

            if (latest.TryGetValue(node, out var before) && operation.Return < before.Operation.Call)
            {
                yield return $"{subscription} heard {before}, and after it {message}, which {node} had published first (by {Instant.Of(operation.Return)})";
            }

            latest[node] = before is null || operation.Call > before.Operation.Call ? message : before;
        }
    }

    private static IEnumerable<string> OneOfEachGroup(PubSubHistory read, Subscription subscription, Dictionary<(Publication Message, string Group), Subscription> heardBy)
    {
        if (subscription.Group is not { } group)
        {
            yield break;
        }

        foreach (var message in subscription.Heard.Values.Select(read.Find).OfType<Publication>().Distinct())
        {
            if (!heardBy.TryAdd((message, group), subscription))
            {
                yield return $"two members of group {group} heard {message}: {heardBy[(message, group)]} and {subscription}";
            }
        }
    }
}
