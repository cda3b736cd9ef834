using Cluster.Engine.ControlPlane;
using Cluster.Shared.Ids;
using Cluster.Shared.Wire;

namespace Cluster.Engine.Tests.ControlPlane;

/// <summary>How the table goes to its wish: a group at a time, few to one node; and what becomes of the replicas of one that is silent for long.</summary>
public class PlacementChangesTests
{
    [Fact]
    public void One_node_is_given_no_more_than_its_bound_at_once_and_all_in_the_end()
    {
        var world = new World(members: 3, shards: 12);
        world.Plane.AddUp(4);

        var most = 0;
        for (var rounds = 0; world.Plane.View.ReplicaCount(new NodeId(4)) < 9; rounds++)
        {
            Assert.True(rounds < 20, "it takes too many rounds");
            world.ChangeAll(maxArriving: 2);
            most = Math.Max(most, world.Plane.View.Shards.Count(shard => shard.Replicas.Contains(new NodeId(4)) && !world.Groups[shard.Shard].Contains(4u)));
            world.GroupsFollow();
        }

        Assert.Equal(2, most);
    }

    [Fact]
    public void A_group_that_is_on_its_way_is_left_alone_unless_it_cannot_get_there()
    {
        var world = new World(members: 5, shards: 1);
        var spare = world.Plane.View.Members.Select(member => member.Node.Value).First(node => !world.Row(1).Contains(node));
        world.Plane.Accept(world.Plane.Replicas(1, [world.Row(1)[0], world.Row(1)[1], spare]));
        world.Plane.Accept(world.Plane.Status(world.Row(1)[0], MemberStatus.Leaving));

        Assert.NotNull(world.Next()); // The row names one who leaves.
        Assert.Null(world.Next(reported: false));
        Assert.Null(world.Next(canTake: _ => true)); // As if all were well with it.
        Assert.NotNull(world.Next(canTake: node => node.Value != spare)); // Who should take it is lost.
    }

    [Fact]
    public void What_an_absent_member_held_is_given_to_those_who_have_room_and_it_gets_other_replicas_when_it_is_back()
    {
        var world = new World(members: 4, shards: 12);
        var gone = new NodeId(2);
        Assert.NotEqual(0, world.Plane.View.ReplicaCount(gone));

        world.Settle(isReachable: node => node != gone, isAbsent: node => node == gone);
        Assert.Equal(0, world.Plane.View.ReplicaCount(gone));
        Assert.All(world.Plane.View.Shards, shard => Assert.Equal(3, shard.Replicas.Length));

        world.Settle();
        Assert.Equal(9, world.Plane.View.ReplicaCount(gone));
    }

    [Fact]
    public void Without_a_spare_member_an_absent_one_keeps_its_replicas()
    {
        var world = new World(members: 3, shards: 12);
        world.Settle(isReachable: node => node.Value != 2, isAbsent: node => node.Value == 2);
        Assert.Equal(12, world.Plane.View.ReplicaCount(new NodeId(2)));
    }

    [Fact]
    public void A_shard_without_a_majority_is_left_as_it_is()
    {
        var world = new World(members: 7, shards: 12);
        var shard = world.Plane.View.Shards[0];
        var (first, second) = (shard.Replicas[0], shard.Replicas[1]);
        world.Settle(isReachable: node => node != first && node != second, isAbsent: node => node == first);
        Assert.Equal(shard.Replicas, world.Plane.View.Shards[0].Replicas);
        Assert.All(world.Plane.View.Shards.Where(other => !other.Replicas.Contains(second)), other => Assert.DoesNotContain(first, other.Replicas));
    }

    [Fact]
    public void A_member_that_is_silent_for_a_moment_keeps_everything()
    {
        var world = new World(members: 5, shards: 12);
        var before = world.Plane.Machine.Hash();
        world.Settle(isReachable: node => node.Value != 2);
        Assert.Equal(before, world.Plane.Machine.Hash());
    }

    [Fact]
    public void An_absent_voter_of_the_control_plane_gives_its_vote_to_one_who_is_there()
    {
        var view = new ControlPlaneModel().WithUpMembers(4).View;
        Assert.Equal([1, 3, 4], Voters(absent: 2));
        Assert.Equal([1, 2, 3], Voters(absent: 4));

        int[] Voters(uint absent) => [.. ControlVoters.Choose(view, [], [new(1), new(2), new(3)], node => node.Value == absent).Voters.Select(node => (int)node.Value).Order()];
    }

    /// <summary>A table, and groups that go where it says when they are told to.</summary>
    private sealed class World
    {
        public World(int members, int shards)
        {
            Plane = new ControlPlaneModel().WithUpMembers(members, shards).WithTable();
            GroupsFollow();
        }

        public ControlPlaneModel Plane { get; }

        public Dictionary<ShardId, uint[]> Groups { get; } = [];

        public uint[] Row(uint shard) => [.. Plane.View.FindShard(new ShardId(shard))!.Replicas.Select(node => node.Value)];

        public void GroupsFollow()
        {
            foreach (var shard in Plane.View.Shards)
            {
                Groups[shard.Shard] = Row(shard.Shard.Value);
            }
        }

        public SetReplicas? Next(
            Func<NodeId, bool>? isReachable = null, Func<NodeId, bool>? isAbsent = null, Func<NodeId, bool>? canTake = null, int maxArriving = 100, bool reported = true)
        {
            isReachable ??= _ => true;
            var reports = Groups.ToDictionary(
                group => group.Key,
                group => new GroupReport(new NodeId(1), Plane.View.Epoch, new LedShard { Shard = group.Key.Value, Term = 1, Voters = { group.Value } }));
            return PlacementCore.NextChange(
                Plane.View,
                PlacementCore.Wish(Plane.View, isReachable, isAbsent),
                reported ? reports : [],
                canTake ?? (node => Plane.View.IsUp(node) && isReachable(node)),
                maxArriving);
        }

        public void ChangeAll(Func<NodeId, bool>? isReachable = null, Func<NodeId, bool>? isAbsent = null, int maxArriving = 100)
        {
            while (Next(isReachable, isAbsent, maxArriving: maxArriving) is { } change)
            {
                Plane.Accept(new ControlCommand { SetReplicas = change });
            }
        }

        public void Settle(Func<NodeId, bool>? isReachable = null, Func<NodeId, bool>? isAbsent = null)
        {
            for (var rounds = 0; Next(isReachable, isAbsent) is not null; rounds++)
            {
                Assert.True(rounds < 20, "it never settles");
                ChangeAll(isReachable, isAbsent);
                GroupsFollow();
            }
        }
    }
}
