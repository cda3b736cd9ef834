using System.Globalization;
using Cluster.Engine.Flaws;
using Cluster.Engine.Port;
using Cluster.Shared.Ids;
using Cluster.Shared.Results;
using Cluster.Shared.Wire;
using Google.Protobuf;

namespace Cluster.Engine.PubSub;

/// <content>Messages to one of each group.</content>
internal sealed partial class TopicHub
{
    /// <summary>One member of each group, wherever it is: drawn among all, those of unreachable nodes only where there are no others.</summary>
    private PublishReceipt PublishToGroups(TopicMessage frame, object? record)
    {
        var elsewhere = routes.Groups(frame.Topic);
        var names = local.Groups(frame.Topic).Union(elsewhere?.Keys ?? []);
        if (names.Count > options.MaxGroups)
        {
            return new PublishReceipt(0, 0, 0, new ClusterError(ErrorCode.Overloaded, string.Create(CultureInfo.InvariantCulture, $"the topic has {names.Count} groups, and one message goes to at most {options.MaxGroups}")));
        }

        var here = 0;
        var chosen = new SortedDictionary<NodeId, List<string>>();
        foreach (var group in names)
        {
            foreach (var node in Choose(group, frame.Topic, elsewhere?.GetValueOrDefault(group)))
            {
                if (node.IsNone)
                {
                    here += ToOneHere(frame, record, group);
                }
                else if (chosen.TryGetValue(node, out var groups))
                {
                    groups.Add(group);
                }
                else
                {
                    chosen.Add(node, [group]);
                }
            }
        }

        var (nodes, sent) = (0, 0L);
        foreach (var (node, groups) in chosen)
        {
            frame.Groups.Clear();
            frame.Groups.Add(groups);
            if (Send(node, frame))
            {
                nodes++;
                sent += CanHear(node) ? groups.Count : 0;
            }
        }

        return new PublishReceipt(here, nodes, sent);
    }

    /// <summary>The one node whose member gets a group's message; none stands for this node.</summary>
    private IEnumerable<NodeId> Choose(string group, ByteString topic, SortedDictionary<NodeId, int>? elsewhere) => HasFlaw(EngineFlaws.GroupOnEachNode)
        ? [NodeId.None, .. elsewhere?.Keys ?? Enumerable.Empty<NodeId>()]
        : [Draw(local.Find(new TopicFilter(TopicKind.Topic, topic, group)).Length, elsewhere)];

    /// <summary>The node of the member drawn; none for this one.</summary>
    private NodeId Draw(int here, SortedDictionary<NodeId, int>? elsewhere)
    {
        if (elsewhere is null)
        {
            return NodeId.None;
        }

        var reachable = elsewhere.Where(node => links.IsReachable(node.Key)).ToArray();
        var choices = reachable.Length > 0 || here > 0 ? reachable : [.. elsewhere];
        var drawn = links.Random.NextInt64(here + choices.Sum(node => (long)node.Value)) - here;
        foreach (var (node, members) in choices)
        {
            if (drawn >= 0 && drawn < members)
            {
                return node;
            }

            drawn -= members;
        }

        return NodeId.None;
    }
}
