using Cluster.Engine.Port;
using Cluster.Modes.Hosting;

namespace Cluster.Modes.Quorum;

/// <summary>The members as this node knows them: the ring of those that are up, who of them cannot be heard, and the way to each one's replica. Part of one actor.</summary>
internal sealed class RingView(IModeNode node)
{
    private const string Door = "/user/mode-quorum";

    private IReadOnlyList<ClusterMember> members = [];

    public HashRing Ring { get; private set; } = new([]);

    /// <summary>Members that this node does not hear.</summary>
    public IReadOnlySet<string> Away { get; private set; } = new HashSet<string>();

    /// <returns>Whether the members have changed.</returns>
    public bool Refresh()
    {
        members = [.. node.Members.Current.Where(member => member.IsUp)];
        Away = members.Where(member => !member.IsReachable).Select(member => member.Name.ToString()).ToHashSet(StringComparer.Ordinal);
        var names = members.Select(member => member.Name.ToString()).Order(StringComparer.Ordinal);
        if (names.SequenceEqual(Ring.Members, StringComparer.Ordinal))
        {
            return false;
        }

        Ring = new HashRing(names);
        return true;
    }

    /// <summary>The replica on that node; null where no such member is known.</summary>
    public IActorRef? Find(IActorSystem system, string name) => members.FirstOrDefault(member => member.Name.ToString() == name) is { } member
        ? system.Resolve(ActorPath.Parse(Door).Child(ReplicaActor.ActorName).WithAddress(new ActorAddress(member.Name, member.Address)).ToString())
        : null;
}
