using Cluster.Shared.Ids;
using Cluster.Shared.Wire;

namespace Cluster.Engine.PubSub;

/// <summary>What a hub needs of the world: the way to other nodes, and chance.</summary>
internal interface ITopicLinks
{
    Random Random { get; }

    bool IsReachable(NodeId node);

    /// <summary>Sends a message on; encoded before this returns. False when it was dropped here.</summary>
    bool Send(NodeId node, TopicMessage message);
}
