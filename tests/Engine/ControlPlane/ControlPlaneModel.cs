using Cluster.Engine.ControlPlane;
using Cluster.Shared.Ids;
using Cluster.Shared.Wire;
using Google.Protobuf;

namespace Cluster.Engine.Tests.ControlPlane;

/// <summary>A group 0 of one replica: commands in, applied at once, the log kept. Its nodes are n1, n2 ... with uids made of their numbers.</summary>
internal sealed class ControlPlaneModel
{
    public const string Name = "lab";
    public const string Id = "c-1";

    public ControlMachine Machine { get; } = new();

    public List<ByteString> Log { get; } = [];

    public ControlView View => Machine.View;

    public static JoiningNode Node(int number, int? uid = null, ulong incarnation = 1, int? port = null) => new()
    {
        Name = $"n{number}",
        Uid = Uid(uid ?? number),
        Address = $"127.0.0.1:{port ?? (4052 + number)}",
        HttpAddress = $"127.0.0.1:{8557 + number}",
        RespAddress = $"127.0.0.1:{6378 + number}",
        Incarnation = incarnation,
    };

    public static ByteString Uid(int number) => ByteString.CopyFrom(new Guid(number, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10).ToByteArray());

    public static ControlCommand Form(int shards = 12, int factor = 3) => new()
    {
        FormCluster = new FormCluster
        {
            ClusterId = Id,
            ClusterName = Name,
            Settings = new ClusterSettings { ShardCount = (uint)shards, ReplicationFactor = (uint)factor },
            First = Node(1),
        },
    };

    public static ControlCommand Join(JoiningNode node, string id = "", uint known = 0, string name = Name) =>
        new() { Join = new Join { Node = node, ClusterName = name, ClusterId = id, KnownNode = known } };

    public ControlCommand Status(uint node, MemberStatus status) => new() { ChangeStatus = new ChangeStatus { Node = node, Status = status } };

    public ControlCommand Replicas(uint shard, params uint[] replicas) =>
        new() { SetReplicas = new SetReplicas { Shard = shard, Replicas = { replicas }, ExpectedEpoch = View.FindShard(new ShardId(shard))?.Epoch ?? 0 } };

    /// <summary>Decides, and applies what was decided as the next log entry.</summary>
    public ControlReply Send(ControlCommand command)
    {
        var (decided, reply) = Machine.Decide(command.ToByteArray());
        Log.Add(decided);
        Machine.Apply((ulong)Log.Count, decided.Span);
        return reply;
    }

    public ControlReply Accept(ControlCommand command)
    {
        var reply = Send(command);
        Assert.True(reply.Refusal == ControlRefusal.None, $"refused: {reply.Refusal}, {reply.Message}");
        return reply;
    }

    public ControlReply Refuse(ControlRefusal refusal, ControlCommand command, params string[] says)
    {
        var before = Machine.Hash();
        var reply = Send(command);
        Assert.Equal(refusal, reply.Refusal);
        Assert.All(says, part => Assert.Contains(part, reply.Message, StringComparison.Ordinal));
        Assert.Equal(before, Machine.Hash());
        return reply;
    }

    public ControlPlaneModel WithUpMembers(int members, int shards = 12, int factor = 3)
    {
        Accept(Form(shards, factor));
        for (var number = 2; number <= members; number++)
        {
            AddUp(number);
        }

        return this;
    }

    public void AddUp(int number)
    {
        var node = Accept(Join(Node(number))).Node;
        Accept(Status(node, MemberStatus.Up));
    }

    /// <summary>Makes the table as wished, everybody being reachable.</summary>
    public ControlPlaneModel WithTable()
    {
        Accept(new ControlCommand { CreateShardTable = TableOf(PlacementCore.Wish(View, _ => true)) });
        return this;
    }

    /// <summary>Proposes whatever differs from the wish; says how many replicas came to a node that had none of that shard.</summary>
    public int Replan(Func<NodeId, bool>? isReachable = null)
    {
        var moved = 0;
        foreach (var plan in PlacementCore.Wish(View, isReachable ?? (_ => true)))
        {
            var old = View.FindShard(plan.Shard)!;
            moved += plan.Replicas.Except(old.Replicas).Count();
            Accept(Replicas(plan.Shard.Value, [.. plan.Replicas.Select(node => node.Value)]));
        }

        return moved;
    }

    public static CreateShardTable TableOf(IEnumerable<ShardPlan> plans) => new()
    {
        Shards =
        {
            plans.Select(plan => new ShardAssignment
            {
                Shard = plan.Shard.Value,
                FirstSlot = (uint)plan.FirstSlot,
                LastSlot = (uint)plan.LastSlot,
                Replicas = { plan.Replicas.Select(node => node.Value) },
            }),
        },
    };
}
