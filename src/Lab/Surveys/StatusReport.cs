using Cluster.Shared.Http;

namespace Cluster.Lab.Surveys;

/// <summary>The cluster as <c>lab status -o json</c> gives it: what the best informed node says, joined with what the operating system says.</summary>
/// <param name="Asked">The node whose view this is: a ready one with the latest control-plane decision; null when none answered.</param>
/// <param name="Agree">Whether all nodes that answered see the same members, reachability and leaders.</param>
/// <param name="Shards">Each as its leader sees it, or as the asked node does where the leader does not answer.</param>
/// <param name="Faults">Link faults that are set now.</param>
/// <param name="Views">Each node's own view; only with --all-views.</param>
public sealed record StatusReport(
    string Name,
    string? Asked,
    string? ControlLeader,
    ulong Epoch,
    bool Agree,
    IReadOnlyList<MemberReport> Members,
    IReadOnlyList<ShardView> Shards,
    IReadOnlyList<LinkReport> Faults,
    IReadOnlyList<ViewReport>? Views)
{
    /// <summary>Actors of which the cluster has one, as the asked node knows.</summary>
    public IReadOnlyList<SingletonView> Singletons { get; init; } = [];
}

/// <summary>One node: the member as the asked node sees it (null parts: it knows no such member), and its process here.</summary>
/// <param name="Process">running, paused or dead; null where this console cannot look.</param>
public sealed record MemberReport(
    string Name,
    string? Status,
    bool? Reachable,
    double? Phi,
    int LeaderOf,
    int ReplicaOf,
    ulong? Incarnation,
    int? Pid,
    string? Process,
    string? Remoting,
    string? Http,
    string? Resp);

/// <summary>A fault on the link that leaves <paramref name="From"/>.</summary>
public sealed record LinkReport(string From, LinkFaultView Fault);

/// <summary>What one node itself sees. <paramref name="NoAnswer"/> says why there is nothing else.</summary>
/// <param name="Unreachable">Members that its failure detector suspects.</param>
/// <param name="Leaders">The leader it believes each shard has, by shard number.</param>
public sealed record ViewReport(
    string Node,
    string? NoAnswer,
    bool Ready,
    string? NotReadyBecause,
    string? ControlLeader,
    ulong Epoch,
    IReadOnlyList<string> Unreachable,
    IReadOnlyDictionary<string, string?> Leaders);
