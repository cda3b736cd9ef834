using Cluster.Shared.Ids;
using Cluster.Shared.Wire;

namespace Cluster.Engine.ControlPlane;

internal static partial class ControlDecider
{
    private static ControlDecision Join(ControlView view, Join join)
    {
        if (WhyMalformed(join.Node) is { } why)
        {
            return Bad(why);
        }

        if (join.ClusterName != view.ClusterName)
        {
            return ControlDecision.Refused(
                ControlRefusal.WrongCluster,
                $"{join.Node.Name} wants to join cluster '{join.ClusterName}', but this is cluster '{view.ClusterName}'; check its cluster name and its seeds");
        }

        if (join.ClusterId.Length > 0 && join.ClusterId != view.ClusterId)
        {
            return ControlDecision.Refused(
                ControlRefusal.WrongCluster,
                $"the data directory of {join.Node.Name} belongs to cluster {join.ClusterId}, but this is cluster {view.ClusterId} of the same name; "
                + "start it with its own seeds, or on an empty data directory");
        }

        _ = ControlRecords.TryReadUid(join.Node.Uid, out var uid);
        if (view.FindRemoved(uid) is { } tombstone)
        {
            return Gone($"{tombstone.Name} ({tombstone.Node}) was removed at epoch {tombstone.StatusEpoch}");
        }

        return view.FindMember(uid) is { } known ? Rejoin(view, join, known) : JoinAnew(view, join);
    }

    /// <summary>A member starts again on its data directory, or asks again because the answer was lost.</summary>
    private static ControlDecision Rejoin(ControlView view, Join join, ControlMember known)
    {
        var node = join.Node;
        if (node.Name != known.Name.ToString())
        {
            return ControlDecision.Refused(
                ControlRefusal.WrongName,
                $"this data directory belongs to member {known.Name} ({known.Node}) and was started as {node.Name}; start it as {known.Name}, or on an empty data directory");
        }

        if (join.KnownNode != 0 && join.KnownNode != known.Node.Value)
        {
            return Bad($"the data directory of {node.Name} says node #{join.KnownNode}, but the cluster knows it as {known.Node}: it is not the one the cluster knows");
        }

        if (known.Status == MemberStatus.Down)
        {
            return Gone($"{known.Name} ({known.Node}) was marked down at epoch {known.StatusEpoch}");
        }

        var incarnation = new Incarnation(node.Incarnation);
        if (incarnation < known.Incarnation)
        {
            return ControlDecision.Refused(
                ControlRefusal.StaleIncarnation,
                $"{known.Name} has started as incarnation {known.Incarnation} since; incarnation {incarnation} is an older life of it and must stop");
        }

        var restarted = new MemberRestarted
        {
            Node = known.Node.Value,
            Address = node.Address,
            HttpAddress = node.HttpAddress,
            RespAddress = node.RespAddress,
            Incarnation = node.Incarnation,
            Roles = { SortedRoles(node) },
        };
        if (incarnation > known.Incarnation)
        {
            return Welcome(view.ClusterId, known, new ControlEvent { MemberRestarted = restarted });
        }

        // The same life asks again. With another face it is another process on a copy of the data directory: two nodes of one identity could vote twice.
        var current = known.ToWire();
        var same = current.Address == node.Address && current.HttpAddress == node.HttpAddress && current.RespAddress == node.RespAddress && current.Roles.Equals(restarted.Roles);
        return same
            ? Welcome(view.ClusterId, known, null)
            : ControlDecision.Refused(
                ControlRefusal.StaleIncarnation,
                $"{known.Name} runs as incarnation {known.Incarnation} at {known.Address} already; a second process on a copy of its data directory, at {node.Address}, must stop");
    }

    private static ControlDecision JoinAnew(ControlView view, Join join)
    {
        var node = join.Node;
        if (join.KnownNode != 0)
        {
            return Gone($"{node.Name} says it is node #{join.KnownNode}, which is no member of this cluster any more");
        }

        if (view.FindMember(NodeName.Parse(node.Name)) is { } holder)
        {
            if (holder.Status is MemberStatus.Down or MemberStatus.Exiting)
            {
                return ControlDecision.Refused(
                    ControlRefusal.BeingRemoved, $"the name {node.Name} is free once {holder}, which is {Word(holder.Status)}, is removed: its replicas are being taken out of their groups");
            }

            return ControlDecision.Refused(
                ControlRefusal.NameTaken,
                $"the name {node.Name} is taken by {holder} with another data directory; choose another name, or, if that one is gone for good, "
                + $"mark it down with 'lab cluster down {holder.Name}': the name is free once it is removed");
        }

        if (view.FindMember(NodeAddress.Parse(node.Address)) is { } neighbour && neighbour.IsAlive)
        {
            return ControlDecision.Refused(
                ControlRefusal.AddressTaken,
                $"the address {node.Address} is that of {neighbour}; choose another port, or, if that one is gone for good, mark it down with 'lab cluster down {neighbour.Name}'");
        }

        if (view.Members.Length >= ControlLimits.MaxMembers)
        {
            return ControlDecision.Refused(ControlRefusal.Limit, $"the cluster has {view.Members.Length} members, the most it may have; remove one first");
        }

        var record = AsRecord(node, view.LastNode.Value + 1);
        return new ControlDecision(
            new ControlEvent { MemberJoined = record },
            new ControlReply { Changed = true, Node = record.Node, ClusterId = view.ClusterId, Status = MemberStatus.Joining });
    }

    private static ControlDecision Gone(string what) => ControlDecision.Refused(
        ControlRefusal.Removed, what + "; that data directory can never come back: start the node on an empty one, and it joins as a new member");

    private static ControlDecision Welcome(string clusterId, ControlMember member, ControlEvent? decided) =>
        new(decided, new ControlReply { Changed = decided is not null, Node = member.Node.Value, ClusterId = clusterId, Status = member.Status });

    private static MemberRecord AsRecord(JoiningNode node, uint number) => new()
    {
        Node = number,
        Name = node.Name,
        Uid = node.Uid,
        Address = node.Address,
        HttpAddress = node.HttpAddress,
        RespAddress = node.RespAddress,
        Incarnation = node.Incarnation,
        Status = MemberStatus.Joining,
        Roles = { SortedRoles(node) },
    };

    private static IEnumerable<string> SortedRoles(JoiningNode node) => node.Roles.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);

    /// <summary>What is wrong with how a node presents itself; null when nothing is.</summary>
    private static string? WhyMalformed(JoiningNode? node)
    {
        if (node is null)
        {
            return "the joining node does not say who it is";
        }

        if (!NodeName.TryParse(node.Name, out _))
        {
            return $"'{node.Name}' is not a node name: 1 to 32 of a-z, 0-9 and '-', a letter first";
        }

        if (!ControlRecords.TryReadUid(node.Uid, out _))
        {
            return $"the uid of {node.Name} has {node.Uid.Length} bytes or is all zero; it must be 16 random bytes";
        }

        if (!IsCanonical(node.Address) || !(node.HttpAddress.Length == 0 || IsCanonical(node.HttpAddress)) || !(node.RespAddress.Length == 0 || IsCanonical(node.RespAddress)))
        {
            return $"{node.Name} gives addresses that are not host:port: '{node.Address}', HTTP '{node.HttpAddress}', RESP '{node.RespAddress}'";
        }

        if (node.Incarnation == 0)
        {
            return $"{node.Name} has incarnation 0; the first start on a data directory is 1";
        }

        return node.Roles.Count > ControlLimits.MaxRoles || !node.Roles.All(IsLabel)
            ? $"{node.Name} has roles that are not at most {ControlLimits.MaxRoles} words of 1 to {ControlLimits.MaxNameLength} letters, digits, '-', '_' and '.'"
            : null;
    }

    /// <summary>Written as it will be read back, so that one address has one form in the log.</summary>
    private static bool IsCanonical(string text) => text.Length <= 300 && NodeAddress.TryParse(text, out var address) && address.ToString() == text;
}
