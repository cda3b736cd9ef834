using System.Collections.Immutable;
using System.Globalization;
using Cluster.Engine.Port;
using Cluster.Shared.Results;
using Google.Protobuf;

namespace Cluster.Engine.PubSub;

/// <summary>This node's own subscribers, bounded, and which lines of its bucket have changed since they were last taken. Guarded by its hub.</summary>
internal sealed class LocalSubscribers(PubSubOptions options)
{
    private readonly Dictionary<TopicFilter, ImmutableArray<ITopicSubscriber>> subscribers = [];
    private ImmutableArray<ByteString> patterns = []; // In the order of their first subscribers; few, and walked for each message.
    private readonly Dictionary<ByteString, ImmutableSortedSet<string>> groups = [];
    private readonly HashSet<TopicFilter> changed = [];
    private long nameBytes;
    private long patternBytes;

    /// <summary>Subscriptions.</summary>
    public long Count { get; private set; }

    public IEnumerable<TopicFilter> Filters(TopicKind kind) => subscribers.Keys.Where(filter => filter.Kind == kind);

    /// <summary>Names of one kind with subscribers without a group.</summary>
    public int CountNames(TopicKind kind) => kind == TopicKind.Pattern ? patterns.Length : Filters(kind).Count(filter => filter.Group is null);

    public ImmutableArray<ITopicSubscriber> Find(in TopicFilter filter) => subscribers.TryGetValue(filter, out var found) ? found : [];

    /// <summary>All patterns with subscribers, as they are now: whoever walks them may hear of changes meanwhile.</summary>
    public ImmutableArray<ByteString> Patterns => patterns;

    /// <summary>A topic's groups here, by name.</summary>
    public ImmutableSortedSet<string> Groups(ByteString topic) => groups.GetValueOrDefault(topic) ?? ImmutableSortedSet.Create<string>(StringComparer.Ordinal);

    /// <returns>Why not; null when the subscription stands.</returns>
    public ClusterError? Add(in TopicFilter filter, ITopicSubscriber subscriber)
    {
        var there = Find(filter);
        if (there.Contains(subscriber))
        {
            return null;
        }

        if (there.IsEmpty && Overflow(filter) is { } full)
        {
            return full;
        }

        subscribers[filter] = there.Add(subscriber);
        Count++;
        if (there.IsEmpty)
        {
            Begin(filter);
        }

        changed.Add(filter);
        HasUrgentChanges |= there.IsEmpty;
        return null;
    }

    public bool Remove(in TopicFilter filter, ITopicSubscriber subscriber)
    {
        var there = Find(filter);
        var left = there.Remove(subscriber);
        if (left.Length == there.Length)
        {
            return false;
        }

        Count--;
        if (left.IsEmpty)
        {
            subscribers.Remove(filter);
            End(filter);
        }
        else
        {
            subscribers[filter] = left;
        }

        changed.Add(filter);
        HasUrgentChanges |= left.IsEmpty;
        return true;
    }

    /// <summary>Whether a filter got its first subscriber or lost its last since changes were taken: then others should soon hear of it.</summary>
    public bool HasUrgentChanges { get; private set; }

    /// <summary>Filters whose number of subscribers has changed since this was last called, with the number now.</summary>
    public IReadOnlyList<(TopicFilter Filter, int Subscribers)> TakeChanges()
    {
        var taken = changed.Select(filter => (filter, Find(filter).Length)).ToArray();
        changed.Clear();
        HasUrgentChanges = false;
        return taken;
    }

    private ClusterError? Overflow(in TopicFilter filter)
    {
        var isPattern = filter.Kind == TopicKind.Pattern;
        var (count, most) = isPattern ? (patterns.Length, options.MaxPatterns) : (subscribers.Count - patterns.Length, options.MaxTopics);
        return count >= most ? Full(string.Create(CultureInfo.InvariantCulture, $"{most} {(isPattern ? "patterns" : "topics")} have subscribers on this node, the most it keeps"))
            : isPattern && patternBytes + filter.Name.Length > options.MaxAllPatternBytes ? Full(string.Create(CultureInfo.InvariantCulture, $"the patterns with subscribers on this node have {patternBytes} bytes together, about the most it keeps"))
            : nameBytes + filter.Name.Length > options.MaxNameBytes ? Full(string.Create(CultureInfo.InvariantCulture, $"the names of what is subscribed to on this node take {nameBytes} bytes, about the most it keeps"))
            : null;
    }

    private static ClusterError Full(string why) => new(ErrorCode.Overloaded, why + ": subscribe at another node");

    private void Begin(in TopicFilter filter)
    {
        nameBytes += filter.Name.Length;
        if (filter.Kind == TopicKind.Pattern)
        {
            patterns = patterns.Add(filter.Name);
            patternBytes += filter.Name.Length;
        }
        else if (filter.Group is { } group)
        {
            groups[filter.Name] = Groups(filter.Name).Add(group);
        }
    }

    private void End(in TopicFilter filter)
    {
        nameBytes -= filter.Name.Length;
        if (filter.Kind == TopicKind.Pattern)
        {
            patterns = patterns.Remove(filter.Name);
            patternBytes -= filter.Name.Length;
        }
        else if (filter.Group is { } group)
        {
            var left = Groups(filter.Name).Remove(group);
            if (left.IsEmpty)
            {
                groups.Remove(filter.Name);
            }
            else
            {
                groups[filter.Name] = left;
            }
        }
    }
}
