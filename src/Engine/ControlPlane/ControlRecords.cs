using System.Collections.Immutable;
using Cluster.Shared.Ids;
using Cluster.Shared.Wire;
using Google.Protobuf;

namespace Cluster.Engine.ControlPlane;

/// <summary>Between the control plane's records and their form in the log, in snapshots and on the wire. Reading refuses what no decision could have written.</summary>
internal static class ControlRecords
{
    public static MemberRecord ToWire(this ControlMember member) => new()
    {
        Node = member.Node.Value,
        Name = member.Name.ToString(),
        Uid = ToWire(member.Uid),
        Address = member.Address.ToString(),
        HttpAddress = member.HttpAddress?.ToString() ?? "",
        RespAddress = member.RespAddress?.ToString() ?? "",
        Incarnation = member.Incarnation.Value,
        Status = member.Status,
        JoinEpoch = member.JoinEpoch,
        UpEpoch = member.UpEpoch,
        StatusEpoch = member.StatusEpoch,
        Roles = { member.Roles },
    };

    public static ShardAssignment ToWire(this ControlShard shard) => new()
    {
        Shard = shard.Shard.Value,
        FirstSlot = (uint)shard.FirstSlot,
        LastSlot = (uint)shard.LastSlot,
        Replicas = { shard.Replicas.Select(node => node.Value) },
        InitialReplicas = { shard.InitialReplicas.Select(node => node.Value) },
        Epoch = shard.Epoch,
    };

    public static ClusterSettings ToWire(this ControlSettings settings) =>
        new() { ShardCount = (uint)settings.ShardCount, ReplicationFactor = (uint)settings.ReplicationFactor };

    public static ByteString ToWire(Guid uid) => ByteString.CopyFrom(uid.ToByteArray());

    /// <exception cref="InvalidDataException">The record is malformed.</exception>
    public static ControlMember Read(MemberRecord record) => new(
        new NodeId(record.Node),
        NodeName.TryParse(record.Name, out var name) ? name : throw Malformed("name", record.Name, record.Node),
        TryReadUid(record.Uid, out var uid) ? uid : throw Malformed("uid", record.Uid.ToBase64(), record.Node),
        NodeAddress.TryParse(record.Address, out var address) ? address : throw Malformed("address", record.Address, record.Node),
        ReadOptional(record.HttpAddress, "HTTP address", record.Node),
        ReadOptional(record.RespAddress, "RESP address", record.Node),
        new Incarnation(record.Incarnation),
        record.Status,
        record.JoinEpoch,
        record.UpEpoch,
        record.StatusEpoch,
        [.. record.Roles]);

    public static ControlShard Read(ShardAssignment record) => new(
        new ShardId(record.Shard),
        (int)Math.Min(record.FirstSlot, ControlLimits.Slots),
        (int)Math.Min(record.LastSlot, ControlLimits.Slots),
        ReadNodes(record.Replicas),
        ReadNodes(record.InitialReplicas),
        record.Epoch);

    public static ControlSettings Read(ClusterSettings? settings) => settings is null
        ? ControlSettings.Default
        : new ControlSettings((int)Math.Min(settings.ShardCount, int.MaxValue), (int)Math.Min(settings.ReplicationFactor, int.MaxValue));

    public static ControlSingleton Read(SingletonAssignment record) =>
        new(record.Name, new NodeId(record.Node), record.Epoch, new NodeId(record.Previous), record.PreviousEpoch);

    public static SingletonAssignment ToWire(this ControlSingleton singleton) => new()
    {
        Name = singleton.Name,
        Node = singleton.Node.Value,
        Epoch = singleton.Epoch,
        Previous = singleton.Previous.Value,
        PreviousEpoch = singleton.PreviousEpoch,
    };

    public static ImmutableArray<NodeId> ReadNodes(IEnumerable<uint> nodes) => [.. nodes.Select(node => new NodeId(node))];

    /// <summary>Whether the bytes are a uid: 16 of them, not all zero.</summary>
    public static bool TryReadUid(ByteString bytes, out Guid uid)
    {
        uid = bytes.Length == 16 ? new Guid(bytes.Span) : Guid.Empty;
        return uid != Guid.Empty;
    }

    /// <exception cref="InvalidDataException">The text is neither empty nor an address.</exception>
    public static NodeAddress? ReadOptional(string text, string what, uint node) => text.Length == 0
        ? null
        : NodeAddress.TryParse(text, out var address) ? address : throw Malformed(what, text, node);

    private static InvalidDataException Malformed(string what, string value, uint node) =>
        new($"the control plane's record of node #{node} has '{value}' as its {what}: its log or snapshot is damaged, or was written by another version");
}
