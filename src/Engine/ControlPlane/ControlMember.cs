using System.Collections.Immutable;
using Cluster.Shared.Ids;
using Cluster.Shared.Wire;

namespace Cluster.Engine.ControlPlane;

/// <summary>One member as group 0 has decided it. Whether it can be reached is no part of this: each node sees that for itself.</summary>
/// <param name="Uid">16 random bytes made with its data directory: the same name with another uid is another node.</param>
/// <param name="HttpAddress">Null where it serves no HTTP.</param>
/// <param name="RespAddress">Null where it serves no RESP.</param>
/// <param name="JoinEpoch">The decision that let it in.</param>
/// <param name="UpEpoch">The decision that made it up: its age, the smaller the older. 0 before.</param>
/// <param name="StatusEpoch">The decision that gave it its present status.</param>
/// <param name="Roles">Sorted, without repeats.</param>
public sealed record ControlMember(
    NodeId Node,
    NodeName Name,
    Guid Uid,
    NodeAddress Address,
    NodeAddress? HttpAddress,
    NodeAddress? RespAddress,
    Incarnation Incarnation,
    MemberStatus Status,
    ulong JoinEpoch,
    ulong UpEpoch,
    ulong StatusEpoch,
    ImmutableArray<string> Roles)
{
    public bool IsUp => Status == MemberStatus.Up;

    /// <summary>Whether it may hold replicas for now: all but one that is down, whose replicas are to be replaced without its help.</summary>
    public bool IsAlive => Status != MemberStatus.Down;

    public override string ToString() => $"{Name} ({Node}, {Address}, {Status.ToString().ToLowerInvariant()})";
}
