using Cluster.Engine.Port;
using Cluster.Shared.Ids;
using Cluster.Shared.Patterns;
using Google.Protobuf;

namespace Cluster.Engine.PubSub;

/// <summary>Which other nodes have subscribers to what: the registry, in the order in which a publisher asks. Guarded by its hub.</summary>
internal sealed class TopicRoutes
{
    private readonly Dictionary<TopicFilter, SortedDictionary<NodeId, int>> topics = [];
    private readonly Dictionary<ByteString, SortedDictionary<NodeId, int>> patterns = [];
    private readonly Dictionary<ByteString, SortedDictionary<string, SortedDictionary<NodeId, int>>> groups = [];

    public IEnumerable<TopicFilter> Filters(TopicKind kind) => kind == TopicKind.Pattern
        ? patterns.Keys.Select(name => new TopicFilter(TopicKind.Pattern, name))
        : topics.Keys.Where(filter => filter.Kind == kind)
            .Concat(kind == TopicKind.Topic ? groups.SelectMany(topic => topic.Value.Keys.Select(group => new TopicFilter(kind, topic.Key, group))) : []);

    /// <summary>Of one kind, without groups.</summary>
    public IEnumerable<TopicFilter> Names(TopicKind kind) => kind == TopicKind.Pattern ? Filters(kind) : topics.Keys.Where(filter => filter.Kind == kind);

    /// <summary>Nodes with subscribers to exactly this filter, and how many.</summary>
    public IReadOnlyDictionary<NodeId, int>? Find(in TopicFilter filter) => filter switch
    {
        { Kind: TopicKind.Pattern } => patterns.GetValueOrDefault(filter.Name),
        { Group: { } group } => groups.GetValueOrDefault(filter.Name)?.GetValueOrDefault(group),
        _ => topics.GetValueOrDefault(filter),
    };

    /// <summary>A topic's groups elsewhere, by name.</summary>
    public IReadOnlyDictionary<string, SortedDictionary<NodeId, int>>? Groups(ByteString topic) => groups.GetValueOrDefault(topic);

    public void Set(NodeId node, in TopicFilter filter, int subscribers)
    {
        switch (filter)
        {
            case { Kind: TopicKind.Pattern }:
                Set(patterns, filter.Name, node, subscribers);
                break;
            case { Group: { } group }:
                if (!groups.TryGetValue(filter.Name, out var ofTopic))
                {
                    groups.Add(filter.Name, ofTopic = new SortedDictionary<string, SortedDictionary<NodeId, int>>(StringComparer.Ordinal));
                }

                Set(ofTopic, group, node, subscribers);
                if (ofTopic.Count == 0)
                {
                    groups.Remove(filter.Name);
                }

                break;
            default:
                Set(topics, filter, node, subscribers);
                break;
        }
    }

    /// <summary>Adds up, for each node with subscribers that a message goes to, how many there are.</summary>
    public void Collect(TopicKind kind, ByteString topic, SortedDictionary<NodeId, int> into)
    {
        if (topics.GetValueOrDefault(new TopicFilter(kind, topic)) is { } named)
        {
            Add(named, into);
        }

        if (kind == TopicKind.Topic)
        {
            foreach (var (pattern, nodes) in patterns)
            {
                if (Glob.Matches(pattern.Span, topic.Span))
                {
                    Add(nodes, into);
                }
            }
        }
    }

    private static void Add(SortedDictionary<NodeId, int> nodes, SortedDictionary<NodeId, int> into)
    {
        foreach (var (node, subscribers) in nodes)
        {
            into[node] = into.GetValueOrDefault(node) + subscribers;
        }
    }

    private static void Set<TKey>(IDictionary<TKey, SortedDictionary<NodeId, int>> table, TKey key, NodeId node, int subscribers)
    {
        if (!table.TryGetValue(key, out var nodes))
        {
            if (subscribers == 0)
            {
                return;
            }

            table.Add(key, nodes = []);
        }

        if (subscribers > 0)
        {
            nodes[node] = subscribers;
        }
        else if (nodes.Remove(node) && nodes.Count == 0)
        {
            table.Remove(key);
        }
    }
}
