using Cluster.Shared.Ids;
using Cluster.Shared.Wire;

namespace Cluster.Engine.ControlPlane;

/// <summary>
/// How each decided event changes the control plane's state: a pure function of state, log index and event, so that every replica that applies the same
/// log stands at the same state. The index becomes the epoch of the decision.
/// </summary>
internal static class ControlEvolution
{
    /// <exception cref="InvalidDataException">The event does not fit the state, or is of a later version: this replica must not go on.</exception>
    public static ControlView Apply(ControlView view, ulong index, ControlEvent decided)
    {
        var next = decided.BodyCase switch
        {
            ControlEvent.BodyOneofCase.ClusterFormed => Formed(view, index, decided.ClusterFormed),
            ControlEvent.BodyOneofCase.MemberJoined => Joined(view, index, decided.MemberJoined),
            ControlEvent.BodyOneofCase.MemberRestarted => Restarted(view, index, decided.MemberRestarted),
            ControlEvent.BodyOneofCase.StatusChanged => StatusChanged(view, index, decided.StatusChanged),
            ControlEvent.BodyOneofCase.ShardTableCreated => TableCreated(view, index, decided.ShardTableCreated),
            ControlEvent.BodyOneofCase.ReplicasChanged => ReplicasChanged(view, index, decided.ReplicasChanged),
            ControlEvent.BodyOneofCase.SingletonPlaced => SingletonPlaced(view, index, decided.SingletonPlaced),
            _ => throw new InvalidDataException(
                $"control-plane log entry {index} holds a decision that this version does not know; start this node with the version its cluster runs"),
        };
        ControlInvariants.Require(next);
        return next;
    }

    private static ControlView Formed(ControlView view, ulong index, ClusterFormed formed)
    {
        if (view.IsFormed)
        {
            throw Misfit(index, $"forms cluster {formed.ClusterId} where {view.ClusterId} stands");
        }

        var first = AsJoined(formed.First, index) with { Status = MemberStatus.Up, UpEpoch = index };
        return view.With(index, formed.ClusterId, formed.ClusterName, ControlRecords.Read(formed.Settings), first.Node, [first]);
    }

    private static ControlView Joined(ControlView view, ulong index, MemberRecord record)
    {
        var member = AsJoined(record, index);
        return member.Node.Value == view.LastNode.Value + 1
            ? view.With(index, lastNode: member.Node, members: view.Members.Add(member))
            : throw Misfit(index, $"hands out node number {member.Node} after {view.LastNode}");
    }

    private static ControlMember AsJoined(MemberRecord record, ulong index) => ControlRecords.Read(record) with
    {
        Status = MemberStatus.Joining,
        JoinEpoch = index,
        UpEpoch = 0,
        StatusEpoch = index,
    };

    private static ControlView Restarted(ControlView view, ulong index, MemberRestarted restarted)
    {
        var old = MemberAt(view, index, restarted.Node);
        return Replace(view, index, old, old with
        {
            Address = NodeAddress.TryParse(restarted.Address, out var address) ? address : throw Misfit(index, $"has '{restarted.Address}' as an address"),
            HttpAddress = ControlRecords.ReadOptional(restarted.HttpAddress, "HTTP address", restarted.Node),
            RespAddress = ControlRecords.ReadOptional(restarted.RespAddress, "RESP address", restarted.Node),
            Incarnation = new Incarnation(restarted.Incarnation),
            Roles = [.. restarted.Roles],
        });
    }

    private static ControlView StatusChanged(ControlView view, ulong index, StatusChanged changed)
    {
        var old = MemberAt(view, index, changed.Node);
        if (!MemberTransitions.IsLegal(old.Status, changed.Status))
        {
            throw Misfit(index, $"takes {old.Name} from {old.Status} to {changed.Status}");
        }

        var next = old with { Status = changed.Status, StatusEpoch = index };
        return changed.Status switch
        {
            MemberStatus.Removed => Bury(view, index, next),
            MemberStatus.Up => Replace(view, index, old, next with { UpEpoch = index }),
            _ => Replace(view, index, old, next),
        };
    }

    private static ControlView Bury(ControlView view, ulong index, ControlMember member)
    {
        var removed = view.Removed;
        if (removed.Length == ControlLimits.MaxRemoved)
        {
            removed = removed.Remove(removed.MinBy(tombstone => tombstone.StatusEpoch)!);
        }

        return view.With(
            index,
            members: view.Members.RemoveAll(other => other.Node == member.Node),
            removed: removed.Add(member).Sort((left, right) => left.Node.CompareTo(right.Node)));
    }

    private static ControlView TableCreated(ControlView view, ulong index, ShardTableCreated created)
    {
        if (view.HasShardTable)
        {
            throw Misfit(index, "creates a second shard table");
        }

        var shards = created.Shards.Select(ControlRecords.Read).Select(shard => shard with { InitialReplicas = shard.Replicas, Epoch = index });
        return view.With(index, shards: [.. shards]);
    }

    private static ControlView ReplicasChanged(ControlView view, ulong index, ReplicasChanged changed)
    {
        var old = view.FindShard(new ShardId(changed.Shard)) ?? throw Misfit(index, $"changes shard {changed.Shard}, which there is not");
        var next = old with { Replicas = ControlRecords.ReadNodes(changed.Replicas), Epoch = index };
        return view.With(index, shards: view.Shards.Replace(old, next));
    }

    private static ControlView SingletonPlaced(ControlView view, ulong index, SingletonPlaced placed)
    {
        var old = view.FindSingleton(placed.Name);
        var next = new ControlSingleton(placed.Name, new NodeId(placed.Node), index, old?.Node ?? NodeId.None, old?.Epoch ?? 0);
        return view.With(index, singletons: old is null
            ? view.Singletons.Add(next).Sort((left, right) => string.CompareOrdinal(left.Name, right.Name))
            : view.Singletons.Replace(old, next));
    }

    private static ControlView Replace(ControlView view, ulong index, ControlMember old, ControlMember next) =>
        view.With(index, members: view.Members.Replace(old, next));

    private static ControlMember MemberAt(ControlView view, ulong index, uint node) =>
        view.FindMember(new NodeId(node)) ?? throw Misfit(index, $"is about node #{node}, which is no member");

    private static InvalidDataException Misfit(ulong index, string what) =>
        new($"control-plane log entry {index} {what}: the log does not belong to this state");
}
