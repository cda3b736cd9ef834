using Cluster.Engine.ControlPlane;
using Cluster.Shared.Ids;
using Cluster.Shared.Results;
using Cluster.Shared.Wire;

namespace Cluster.Engine.Hosting;

/// <summary>What an administrator may ask of the cluster through any node: decided by the control plane, or refused with its reason.</summary>
public sealed class ClusterAdministration
{
    private readonly ControlClient control;
    private readonly ControlViews views;

    private readonly Func<NodeId, bool> isReachable;

    internal ClusterAdministration(ControlClient control, ControlViews views, Func<NodeId, bool> isReachable) =>
        (this.control, this.views, this.isReachable) = (control, views, isReachable);

    /// <summary>
    /// Asks a member to leave: its replicas are handed over first. Null when decided; refused when too few of the others can be reached from here to take them.
    /// </summary>
    public ValueTask<ClusterError?> LeaveAsync(NodeName name, CancellationToken cancellation) => ChangeAsync(name, MemberStatus.Leaving, cancellation);

    /// <summary>Declares a member gone: its replicas are replaced without its help, and it never comes back. Null when decided.</summary>
    public ValueTask<ClusterError?> DownAsync(NodeName name, CancellationToken cancellation) => ChangeAsync(name, MemberStatus.Down, cancellation);

    private async ValueTask<ClusterError?> ChangeAsync(NodeName name, MemberStatus status, CancellationToken cancellation)
    {
        if (views.Current.FindMember(name) is not { } member)
        {
            return new ClusterError(ErrorCode.NotFound, $"there is no member {name}; members are {string.Join(", ", views.Current.Members.Select(other => other.Name.ToString()))}");
        }

        var change = new ChangeStatus { Node = member.Node.Value, Status = status };
        if (status == MemberStatus.Leaving)
        {
            change.Unreachable.AddRange(views.Current.Members.Where(other => !isReachable(other.Node)).Select(other => other.Node.Value));
        }

        var command = new ControlCommand { ChangeStatus = change };
        var (reply, error) = await control.DecideAsync(command, cancellation).ConfigureAwait(false);
        return error ?? ControlRefusals.ErrorOf(reply!);
    }
}
