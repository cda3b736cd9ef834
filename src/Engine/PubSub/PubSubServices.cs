using Cluster.Engine.ControlPlane;
using Cluster.Engine.Membership;
using Cluster.Engine.Remoting;
using Cluster.Shared.Ids;
using Cluster.Shared.Wire;

namespace Cluster.Engine.PubSub;

/// <summary>What publish-subscribe works with on its node. Messages take the bulk lane: a flood of them is dropped there, and never stands in front of a heartbeat or of consensus.</summary>
internal sealed record PubSubServices(LocalNode Local, ITransport Transport, AddressBook Addresses, ControlViews Views, ReachabilityBoard Reachability, Random Random) : ITopicLinks
{
    public bool IsReachable(NodeId node) => Reachability.IsReachable(node);

    public bool Send(NodeId node, TopicMessage message) => Send(node, new PubSubFrame { Message = message }, Lane.Bulk);

    /// <summary>Gossip is small and takes the interactive lane.</summary>
    public bool Send(NodeId node, PubSubFrame frame, Lane lane) => Addresses.TryFind(node, out var address) && Transport.Send(address, Channel.PubSub, frame, lane);
}
