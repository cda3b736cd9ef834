using System.Diagnostics.Metrics;
using Cluster.Engine.Port;
using Cluster.Modes.Hosting;

namespace Cluster.Modes.Federated;

/// <summary>What the mode's actors on one node share.</summary>
internal sealed class FederatedNode
{
    /// <summary>
    /// A node that has just started hears the others before it takes its cluster for a home: it may have been away while that was moved. Whoever has not heard them for so long goes on, since two clusters are no majority.
    /// </summary>
    private static readonly TimeSpan AsksFirst = TimeSpan.FromSeconds(2);

    private readonly long start;
    private readonly Counter<long> forwarded;
    private readonly Counter<long> followed;

    public FederatedNode(IModeNode host)
    {
        Host = host;
        Map = new RegionMap(host.Federation.Cluster, host.Federation.Others);
        Groups = host.Sharding.Start(GroupCore.Type);
        start = host.System.Time.GetTimestamp();
        forwarded = host.Meter.CreateCounter<long>("federated.forwarded", "{request}", "Requests sent to the home cluster of their key.");
        followed = host.Meter.CreateCounter<long>("federated.followed", "{record}", "Records that came from other clusters.");
    }

    public IModeNode Host { get; }

    public RegionMap Map { get; }

    public IShardRegion Groups { get; }

    public HomeBoard Board { get; } = new();

    /// <summary>On a clock that never goes back.</summary>
    public TimeSpan Now => Host.System.Time.GetElapsedTime(start);

    /// <summary>Whether it may take this cluster for the home of that group: that another cluster was heard, of other groups, says nothing of this one.</summary>
    public bool IsSureOf(string group) => Map.Regions.Count == 1 || Now >= AsksFirst || Board.IsSure(group, Host.Federation.Others);

    /// <summary>The node that follows a group's home, as this one sees it; null while it knows no members.</summary>
    public ClusterMember? DutyOf(string group) => Duty.Of(group, Host.Members.Current, Host.Name);

    public void CountForwarded() => forwarded.Add(1);

    public void CountFollowed(int records) => followed.Add(records);

    /// <summary>The mode's door on another node of this cluster.</summary>
    public IActorRef DoorOn(ClusterMember member) =>
        Host.System.Resolve(ActorPath.Parse($"/user/mode-{FederatedMode.Slug}").WithAddress(new ActorAddress(member.Name, member.Address)).ToString());
}
