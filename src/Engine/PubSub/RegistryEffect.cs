using Cluster.Engine.Port;
using Cluster.Shared.Ids;
using Cluster.Shared.Wire;

namespace Cluster.Engine.PubSub;

/// <summary>What the registry wants done. In the order given: routes first, since what they rest on is what is then told.</summary>
internal abstract record RegistryEffect;

/// <summary>Messages that match the filter go to that node from now on; with 0 subscribers, no more.</summary>
internal sealed record RouteChanged(NodeId Node, TopicFilter Filter, int Subscribers) : RegistryEffect;

/// <summary>Nothing goes to that node any more by what it said before, which was these.</summary>
internal sealed record RoutesDropped(NodeId Node, IReadOnlyList<TopicFilter> Filters) : RegistryEffect;

/// <summary>Say this to that node.</summary>
internal sealed record SendGossip(NodeId To, PubSubFrame Frame) : RegistryEffect;
