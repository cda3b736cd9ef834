using Cluster.Engine.Remoting;
using Cluster.Shared.Ids;
using Cluster.Shared.Wire;

namespace Cluster.Engine.PubSub;

/// <summary>Something here has its first subscriber, or has lost its last.</summary>
internal sealed record InterestChanged
{
    public static readonly InterestChanged Instance = new();
}

/// <summary>The members have changed, or what is decided of them.</summary>
internal sealed record MembersChanged
{
    public static readonly MembersChanged Instance = new();
}

/// <summary>Gossip of another node came.</summary>
internal sealed record GossipReceived(PeerIdentity From, PubSubFrame Frame);

/// <summary>The link to a node stands again: what was told meanwhile is lost.</summary>
internal sealed record PeerLinked(NodeAddress Address);

/// <summary>Time to compare with another node.</summary>
internal sealed record GossipTick
{
    public static readonly GossipTick Instance = new();
}
