using System.Text.RegularExpressions;
using Cluster.Shared.Ids;
using Cluster.Shared.Wire;

namespace Cluster.Engine.ControlPlane;

/// <summary>
/// Decides commands of the control plane: a pure function of the state and the command. Whatever it lets through keeps <see cref="ControlInvariants"/>;
/// whatever it refuses, it says why and what to do.
/// </summary>
internal static partial class ControlDecider
{
    public static ControlDecision Decide(ControlView view, ControlCommand command)
    {
        if (!view.IsFormed && command.BodyCase is not (ControlCommand.BodyOneofCase.FormCluster or ControlCommand.BodyOneofCase.None))
        {
            return ControlDecision.Refused(ControlRefusal.NotFormed, "the cluster has not formed yet; ask again when its first seed has formed it");
        }

        return command.BodyCase switch
        {
            ControlCommand.BodyOneofCase.FormCluster => Form(view, command.FormCluster),
            ControlCommand.BodyOneofCase.Join => Join(view, command.Join),
            ControlCommand.BodyOneofCase.ChangeStatus => ChangeStatus(view, command.ChangeStatus),
            ControlCommand.BodyOneofCase.CreateShardTable => CreateShardTable(view, command.CreateShardTable),
            ControlCommand.BodyOneofCase.SetReplicas => SetReplicas(view, command.SetReplicas),
            ControlCommand.BodyOneofCase.PlaceSingleton => PlaceSingleton(view, command.PlaceSingleton),
            _ => Bad("the command is empty, or of a version that this node does not know"),
        };
    }

    private static ControlDecision Form(ControlView view, FormCluster form)
    {
        if (view.IsFormed)
        {
            return view.ClusterId == form.ClusterId && form.First is not null && ControlRecords.TryReadUid(form.First.Uid, out var uid) && view.FindMember(uid) is { } known
                ? Welcome(view.ClusterId, known, null)
                : ControlDecision.Refused(ControlRefusal.AlreadyFormed, $"cluster '{view.ClusterName}' ({view.ClusterId}) stands here already; join it instead");
        }

        if (!IsLabel(form.ClusterId) || !IsLabel(form.ClusterName))
        {
            return Bad($"a cluster's name and id are 1 to {ControlLimits.MaxNameLength} of letters, digits, '-', '_' and '.'; got '{form.ClusterName}' and '{form.ClusterId}'");
        }

        var settings = ControlRecords.Read(form.Settings);
        if (settings.ShardCount is < 1 or > ControlLimits.MaxShards)
        {
            return Bad($"the shard count is {settings.ShardCount}; it must lie between 1 and {ControlLimits.MaxShards}");
        }

        if (settings.ReplicationFactor is < 1 or > ControlLimits.MaxReplicationFactor)
        {
            return Bad($"the replication factor is {settings.ReplicationFactor}; it must lie between 1 and {ControlLimits.MaxReplicationFactor}");
        }

        if (WhyMalformed(form.First) is { } why)
        {
            return Bad(why);
        }

        var decided = new ClusterFormed { ClusterId = form.ClusterId, ClusterName = form.ClusterName, Settings = settings.ToWire(), First = AsRecord(form.First!, 1) };
        return new ControlDecision(
            new ControlEvent { ClusterFormed = decided },
            new ControlReply { Changed = true, Node = 1, ClusterId = form.ClusterId, Status = MemberStatus.Up });
    }

    private static ControlDecision Bad(string message) => ControlDecision.Refused(ControlRefusal.BadCommand, message);

    private static ControlDecision UnknownNode(ControlView view, NodeId node) => view.FindRemoved(node) is { } tombstone
        ? ControlDecision.Refused(ControlRefusal.UnknownNode, $"{tombstone.Name} ({node}) was removed at epoch {tombstone.StatusEpoch}")
        : ControlDecision.Refused(ControlRefusal.UnknownNode, $"there is no member {node}; 'lab cluster show' lists the members");

    /// <summary>Whether a text may name a cluster, a role or a singleton.</summary>
    internal static bool IsLabel(string text) => Label().IsMatch(text);

    [GeneratedRegex(@"\A[A-Za-z0-9._-]{1,64}\z")]
    private static partial Regex Label();
}
