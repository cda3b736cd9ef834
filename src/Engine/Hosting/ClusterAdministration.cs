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

    internal ClusterAdministration(ControlClient control, ControlViews views) => (this.control, this.views) = (control, views);

    /// <summary>Asks a member to leave: its replicas are handed over first. Null when decided.</summary>
    public ValueTask<ClusterError?> LeaveAsync(NodeName name, CancellationToken cancellation) => ChangeAsync(name, MemberStatus.Leaving, cancellation);

    /// <summary>Declares a member gone: its replicas are replaced without its help, and it never comes back. Null when decided.</summary>
    public ValueTask<ClusterError?> DownAsync(NodeName name, CancellationToken cancellation) => ChangeAsync(name, MemberStatus.Down, cancellation);

    private async ValueTask<ClusterError?> ChangeAsync(NodeName name, MemberStatus status, CancellationToken cancellation)
    {
        if (views.Current.FindMember(name) is not { } member)
        {
            return new ClusterError(ErrorCode.NotFound, $"there is no member {name}; members are {string.Join(", ", views.Current.Members.Select(other => other.Name.ToString()))}");
        }

        var command = new ControlCommand { ChangeStatus = new ChangeStatus { Node = member.Node.Value, Status = status } };
        var (reply, error) = await control.DecideAsync(command, cancellation).ConfigureAwait(false);
        return error ?? ControlRefusals.ErrorOf(reply!);
    }
}
