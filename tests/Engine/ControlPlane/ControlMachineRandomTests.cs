using Cluster.Engine.ControlPlane;
using Cluster.Shared.Ids;
using Cluster.Shared.Wire;
using static Cluster.Engine.Tests.ControlPlane.ControlPlaneModel;

namespace Cluster.Engine.Tests.ControlPlane;

/// <summary>Random commands, sensible and absurd ones, against what must hold whatever is asked. A failure names its seed.</summary>
public class ControlMachineRandomTests
{
    [Fact]
    public void Whatever_is_asked_the_state_stays_sound_and_replicas_stay_equal()
    {
        for (var seed = 0; seed < 60; seed++)
        {
            try
            {
                Run(seed);
            }
            catch (Exception failure)
            {
                throw new InvalidOperationException($"seed {seed}: {failure.Message}", failure);
            }
        }
    }

    private static void Run(int seed)
    {
        var random = new Random(seed);
        var plane = new ControlPlaneModel();
        var follower = new ControlMachine();
        var latecomer = new ControlMachine();
        var uidOfNode = new Dictionary<NodeId, Guid>();
        var newest = plane.View;
        var (done, refused) = (0, 0);
        for (var step = 0; step < 250; step++)
        {
            var reply = plane.Send(Next(random, plane));
            (done, refused) = reply.Refusal == ControlRefusal.None ? (done + 1, refused) : (done, refused + 1);
            Assert.Equal(reply.Refusal != ControlRefusal.None, reply.Message.Length > 0);
            follower.Apply((ulong)plane.Log.Count, plane.Log[^1].Span);
            RequireSound(plane.View, newest, uidOfNode);
            newest = plane.View;
            if (step == 120)
            {
                latecomer.Restore(plane.Machine.Snapshot());
            }
            else if (step > 120)
            {
                latecomer.Apply((ulong)plane.Log.Count, plane.Log[^1].Span);
            }
        }

        Assert.True(done > 30 && refused > 30, $"{done} done, {refused} refused: the commands are not mixed");
        Assert.Equal(plane.Machine.Hash(), follower.Hash());
        Assert.Equal(plane.Machine.Hash(), latecomer.Hash());
    }

    private static void RequireSound(ControlView view, ControlView before, Dictionary<NodeId, Guid> uidOfNode)
    {
        Assert.True(view.Epoch >= before.Epoch);
        Assert.True(view.LastNode >= before.LastNode);
        Assert.Equal(view.Members.Length, view.Members.Select(member => member.Name).Distinct().Count());
        foreach (var member in view.Members.Concat(view.Removed))
        {
            Assert.True(uidOfNode.TryAdd(member.Node, member.Uid) || uidOfNode[member.Node] == member.Uid, $"number {member.Node} was handed out twice");
            Assert.True(before.FindMember(member.Node) is not { } old || member.Incarnation >= old.Incarnation);
            Assert.True(before.FindRemoved(member.Node) is null || member.Status == MemberStatus.Removed, $"{member} came back");
        }

        var covered = 0;
        foreach (var shard in view.Shards)
        {
            Assert.NotEmpty(shard.Replicas);
            Assert.Equal(covered, shard.FirstSlot);
            covered = shard.LastSlot + 1;
            var old = before.FindShard(shard.Shard);
            Assert.True(old is null || shard.Epoch > old.Epoch || shard.Replicas.SequenceEqual(old.Replicas), $"{shard.Shard} changed without a new epoch");
            Assert.True(old is null || shard.InitialReplicas.SequenceEqual(old.InitialReplicas));
        }

        Assert.True(covered is 0 or ControlLimits.Slots);
        foreach (var singleton in view.Singletons)
        {
            Assert.True(before.FindSingleton(singleton.Name) is not { } old || singleton.Epoch > old.Epoch || singleton == old);
        }
    }

    private static ControlCommand Next(Random random, ControlPlaneModel plane)
    {
        if (!plane.View.IsFormed || random.Next(60) == 0)
        {
            return Form(shards: random.Next(1, 20), factor: random.Next(1, 4));
        }

        var node = (uint)random.Next(1, 10);
        return random.Next(10) switch
        {
            0 or 1 or 2 => Join(Node(random.Next(1, 8), random.Next(1, 14), (ulong)random.Next(1, 4)), known: random.Next(3) == 0 ? node : 0),
            3 or 4 => plane.Status(node, MemberStatus.Up),
            5 => plane.Status(node, (MemberStatus)random.Next(0, 8)),
            6 => new ControlCommand { CreateShardTable = TableOf(PlacementCore.Wish(plane.View, _ => random.Next(3) > 0)) },
            7 => plane.Replicas((uint)random.Next(0, 21), [.. Enumerable.Range(0, random.Next(0, 5)).Select(_ => (uint)random.Next(1, 9))]),
            8 when plane.View.HasShardTable && PlacementCore.Wish(plane.View, _ => random.Next(3) > 0) is { Length: > 0 } wish =>
                plane.Replicas(wish[0].Shard.Value, [.. wish[random.Next(wish.Length)].Replicas.Select(replica => replica.Value)]),
            _ => new ControlCommand
            {
                PlaceSingleton = new PlaceSingleton
                {
                    Name = $"s{random.Next(3)}",
                    Node = node,
                    ExpectedEpoch = random.Next(2) == 0 ? 0 : plane.View.FindSingleton($"s{random.Next(3)}")?.Epoch ?? 0,
                },
            },
        };
    }
}
