using Cluster.Shared.Wire;

namespace Cluster.Engine.ControlPlane;

/// <summary>Which changes of a member's status are legal: Akka's membership life cycle, without its optional states. Removed is final.</summary>
internal static class MemberTransitions
{
    public static bool IsLegal(MemberStatus from, MemberStatus to) => from switch
    {
        MemberStatus.Joining => to is MemberStatus.Up or MemberStatus.Leaving or MemberStatus.Down or MemberStatus.Removed,
        MemberStatus.Up => to is MemberStatus.Leaving or MemberStatus.Down or MemberStatus.Removed,
        MemberStatus.Leaving => to is MemberStatus.Exiting or MemberStatus.Down or MemberStatus.Removed,
        MemberStatus.Exiting => to is MemberStatus.Down or MemberStatus.Removed,
        MemberStatus.Down => to is MemberStatus.Removed,
        _ => false,
    };
}
