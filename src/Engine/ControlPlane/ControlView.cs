using System.Collections.Immutable;
using Cluster.Shared.Ids;

namespace Cluster.Engine.ControlPlane;

/// <summary>
/// Everything that group 0 has decided up to <see cref="Epoch"/>, immutable: published after each applied decision and read by any thread. Every list is in
/// ascending order of its key, so that whoever walks one acts alike on every node.
/// </summary>
public sealed class ControlView
{
    /// <summary>Nothing decided yet: no cluster.</summary>
    public static readonly ControlView Empty = new();

    private ushort[] shardOfSlot = [];

    private ControlView()
    {
    }

    /// <summary>Log index of the last decision that changed something.</summary>
    public ulong Epoch { get; private init; }

    /// <summary>Random id from when the cluster formed; empty before.</summary>
    public string ClusterId { get; private init; } = "";

    public string ClusterName { get; private init; } = "";

    public bool IsFormed => ClusterId.Length > 0;

    public ControlSettings Settings { get; private init; } = ControlSettings.Default;

    /// <summary>The highest number ever handed out: the next member gets the one above it.</summary>
    public NodeId LastNode { get; private init; }

    /// <summary>All members, whatever their status, except removed ones.</summary>
    public ImmutableArray<ControlMember> Members { get; private init; } = [];

    /// <summary>Tombstones of removed members, the last <see cref="ControlLimits.MaxRemoved"/> of them.</summary>
    public ImmutableArray<ControlMember> Removed { get; private init; } = [];

    /// <summary>The shard table: shard n stands at index n - 1, ranges ascend and cover every slot. Empty until it is created.</summary>
    public ImmutableArray<ControlShard> Shards { get; private init; } = [];

    /// <summary>In ordinal order of name.</summary>
    public ImmutableArray<ControlSingleton> Singletons { get; private init; } = [];

    public bool HasShardTable => Shards.Length > 0;

    /// <summary>The shard that owns a hash slot, in constant time; <see cref="ShardId.Control"/> while there is no table.</summary>
    public ShardId ShardOfSlot(int slot) => HasShardTable ? new ShardId(shardOfSlot[slot]) : ShardId.Control;

    public ControlShard? FindShard(ShardId shard) => shard.Value - 1 < (uint)Shards.Length ? Shards[(int)shard.Value - 1] : null;

    public ControlMember? FindMember(NodeId node) => Find(Members, node);

    public ControlMember? FindMember(NodeName name)
    {
        foreach (var member in Members)
        {
            if (member.Name == name)
            {
                return member;
            }
        }

        return null;
    }

    public ControlMember? FindMember(Guid uid) => Find(Members, uid);

    /// <summary>The member that listens at an address; the newest where an old record of another one names it too.</summary>
    public ControlMember? FindMember(NodeAddress address)
    {
        ControlMember? found = null;
        foreach (var member in Members)
        {
            if (member.Address == address && (found is null || member.JoinEpoch > found.JoinEpoch))
            {
                found = member;
            }
        }

        return found;
    }

    public ControlMember? FindRemoved(NodeId node) => Find(Removed, node);

    public ControlMember? FindRemoved(Guid uid) => Find(Removed, uid);

    public ControlSingleton? FindSingleton(string name)
    {
        foreach (var singleton in Singletons)
        {
            if (string.Equals(singleton.Name, name, StringComparison.Ordinal))
            {
                return singleton;
            }
        }

        return null;
    }

    public bool IsUp(NodeId node) => FindMember(node) is { IsUp: true };

    /// <summary>How people call a node: its name, also after its removal; its number where no name is known.</summary>
    public string NameOf(NodeId node) => (FindMember(node) ?? FindRemoved(node))?.Name.ToString() ?? node.ToString();

    /// <summary>How many shards name the node among their replicas.</summary>
    public int ReplicaCount(NodeId node)
    {
        var count = 0;
        foreach (var shard in Shards)
        {
            count += shard.Replicas.Contains(node) ? 1 : 0;
        }

        return count;
    }

    /// <summary>This view with some of it replaced, as of a later decision. What is handed over is in order already.</summary>
    /// <exception cref="InvalidDataException">A new shard table has slots that there are not.</exception>
    internal ControlView With(
        ulong epoch,
        string? clusterId = null,
        string? clusterName = null,
        ControlSettings? settings = null,
        NodeId? lastNode = null,
        ImmutableArray<ControlMember>? members = null,
        ImmutableArray<ControlMember>? removed = null,
        ImmutableArray<ControlShard>? shards = null,
        ImmutableArray<ControlSingleton>? singletons = null)
    {
        var next = new ControlView
        {
            Epoch = epoch,
            ClusterId = clusterId ?? ClusterId,
            ClusterName = clusterName ?? ClusterName,
            Settings = settings ?? Settings,
            LastNode = lastNode ?? LastNode,
            Members = members ?? Members,
            Removed = removed ?? Removed,
            Shards = shards ?? Shards,
            Singletons = singletons ?? Singletons,
        };

        // Ranges never change once the table stands, so every later view shares one slot table.
        next.shardOfSlot = shardOfSlot.Length > 0 ? shardOfSlot : SlotTable(next.Shards);
        return next;
    }

    private static ushort[] SlotTable(ImmutableArray<ControlShard> shards)
    {
        if (shards.IsEmpty)
        {
            return [];
        }

        var table = new ushort[ControlLimits.Slots];
        foreach (var shard in shards)
        {
            if (shard.FirstSlot < 0 || shard.LastSlot >= ControlLimits.Slots || shard.FirstSlot > shard.LastSlot)
            {
                throw new InvalidDataException($"shard {shard.Shard} has slots {shard.FirstSlot}-{shard.LastSlot}, which there are not: the shard table is damaged");
            }

            table.AsSpan(shard.FirstSlot..(shard.LastSlot + 1)).Fill((ushort)shard.Shard.Value);
        }

        return table;
    }

    private static ControlMember? Find(ImmutableArray<ControlMember> members, NodeId node)
    {
        int low = 0, high = members.Length - 1;
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var order = members[middle].Node.CompareTo(node);
            if (order == 0)
            {
                return members[middle];
            }

            (low, high) = order < 0 ? (middle + 1, high) : (low, middle - 1);
        }

        return null;
    }

    private static ControlMember? Find(ImmutableArray<ControlMember> members, Guid uid)
    {
        foreach (var member in members)
        {
            if (member.Uid == uid)
            {
                return member;
            }
        }

        return null;
    }
}
