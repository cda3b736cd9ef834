using Cluster.Engine.ControlPlane;
using Cluster.Shared.Ids;
using Cluster.Shared.Wire;
using static Cluster.Engine.Tests.ControlPlane.ControlPlaneModel;

namespace Cluster.Engine.Tests.ControlPlane;

public class PlacementCoreTests
{
    [Theory]
    [InlineData(1, 12, 3)]
    [InlineData(2, 12, 3)]
    [InlineData(3, 12, 3)]
    [InlineData(3, 7, 3)]
    [InlineData(5, 12, 3)]
    [InlineData(5, 17, 3)]
    [InlineData(7, 64, 5)]
    [InlineData(10, 3, 3)]
    public void A_first_table_is_complete_and_balanced(int members, int shards, int factor)
    {
        var plane = new ControlPlaneModel().WithUpMembers(members, shards, factor).WithTable();

        AssertBalanced(plane.View);
        Assert.True(plane.View.Shards.Max(Width) - plane.View.Shards.Min(Width) <= 1);

        static int Width(ControlShard shard) => shard.LastSlot - shard.FirstSlot + 1;
    }

    [Fact]
    public void A_balanced_table_is_left_as_it_is()
    {
        var plane = new ControlPlaneModel().WithUpMembers(5, shards: 17).WithTable();
        var before = plane.Machine.Hash();

        Assert.Equal(0, plane.Replan());
        Assert.Equal(before, plane.Machine.Hash());
    }

    [Theory]
    [InlineData(12)]
    [InlineData(17)]
    [InlineData(64)]
    public void A_fourth_member_takes_no_more_than_its_share(int shards)
    {
        var plane = new ControlPlaneModel().WithUpMembers(3, shards).WithTable();
        plane.AddUp(4);

        var moved = plane.Replan();

        AssertBalanced(plane.View);
        Assert.Equal(plane.View.ReplicaCount(new NodeId(4)), moved);
        Assert.InRange(moved, 1, (int)Math.Ceiling(shards * 3 / 4.0));
        Assert.Equal(0, plane.Replan());
    }

    [Fact]
    public void A_leaving_member_moves_only_what_it_held()
    {
        var plane = new ControlPlaneModel().WithUpMembers(4).WithTable();
        var held = plane.View.ReplicaCount(new NodeId(2));
        plane.Accept(plane.Status(2, MemberStatus.Leaving));

        Assert.Equal(held, plane.Replan());

        Assert.Equal(0, plane.View.ReplicaCount(new NodeId(2)));
        AssertBalanced(plane.View);
    }

    [Fact]
    public void A_lost_member_of_three_leaves_two_replicas_and_no_data_moves()
    {
        var plane = new ControlPlaneModel().WithUpMembers(3).WithTable();
        plane.Accept(plane.Status(3, MemberStatus.Down));

        Assert.Equal(0, plane.Replan());

        Assert.All(plane.View.Shards, shard => Assert.Equal(2, shard.Replicas.Length));
        AssertBalanced(plane.View);
    }

    [Fact]
    public void An_unreachable_member_keeps_what_it_has_and_gets_nothing_new()
    {
        var plane = new ControlPlaneModel().WithUpMembers(4).WithTable();
        var before = plane.Machine.Hash();
        Assert.Equal(0, plane.Replan(isReachable: node => node.Value != 2));
        Assert.Equal(before, plane.Machine.Hash());

        plane.AddUp(5);
        plane.Replan(isReachable: node => node.Value != 5);
        Assert.Equal(0, plane.View.ReplicaCount(new NodeId(5)));
        plane.Replan();
        AssertBalanced(plane.View);
    }

    [Fact]
    public void A_shard_whose_every_member_is_down_goes_to_one_that_is_up()
    {
        var plane = new ControlPlaneModel().WithUpMembers(4, factor: 1).WithTable();
        plane.Accept(plane.Status(2, MemberStatus.Down));
        plane.Accept(plane.Status(3, MemberStatus.Down));

        plane.Replan(isReachable: _ => false);

        AssertBalanced(plane.View);
    }

    [Fact]
    public void A_cluster_grows_from_one_to_six_and_shrinks_again_balanced_at_each_step()
    {
        var plane = new ControlPlaneModel().WithUpMembers(1).WithTable();
        for (var number = 2; number <= 6; number++)
        {
            plane.AddUp(number);
            plane.Replan();
            AssertBalanced(plane.View);
        }

        for (uint node = 1; node <= 5; node++)
        {
            plane.Accept(plane.Status(node, MemberStatus.Leaving));
            plane.Replan();
            AssertBalanced(plane.View);
        }

        Assert.Equal(12, plane.View.ReplicaCount(new NodeId(6)));
    }

    /// <summary>Random joins, departures and silences, against what balance and nearness promise.</summary>
    [Fact]
    public void Balance_and_nearness_hold_after_any_changes_of_members()
    {
        for (var seed = 0; seed < 150; seed++)
        {
            var random = new Random(seed);
            var plane = new ControlPlaneModel().WithUpMembers(random.Next(1, 6), random.Next(1, 40), random.Next(1, 6)).WithTable();
            var named = plane.View.Members.Length;
            for (var step = 0; step < 12; step++)
            {
                var up = plane.View.Members.Where(member => member.IsUp).ToArray();
                var lost = 0;
                if (up.Length < 2 || random.Next(2) == 0)
                {
                    plane.AddUp(++named);
                }
                else
                {
                    var gone = up[random.Next(up.Length)].Node;
                    lost = plane.View.ReplicaCount(gone);
                    plane.Accept(plane.Status(gone.Value, random.Next(2) == 0 ? MemberStatus.Leaving : MemberStatus.Down));
                }

                var settings = plane.View.Settings;
                var now = plane.View.Members.Count(member => member.IsUp);
                var added = settings.ShardCount * (Math.Min(settings.ReplicationFactor, now) - Math.Min(settings.ReplicationFactor, up.Length));
                var moved = plane.Replan();

                var share = (int)Math.Ceiling(settings.ShardCount * Math.Min(settings.ReplicationFactor, now) / (double)now);
                Assert.True(moved <= lost + Math.Max(added, 0) + share, $"seed {seed}, step {step}: {moved} moved, {lost} lost, {added} more wished, a share is {share}");
                AssertBalanced(plane.View);
                Assert.Equal(0, plane.Replan());
            }
        }
    }

    [Fact]
    public void The_table_is_created_when_the_seeds_are_there_or_have_kept_everybody_waiting()
    {
        var patience = TimeSpan.FromSeconds(5);
        var plane = new ControlPlaneModel();
        Assert.False(PlacementCore.ShouldCreateTable(plane.View, 1, patience, patience));
        plane.WithUpMembers(2);

        Assert.False(PlacementCore.ShouldCreateTable(plane.View, 3, TimeSpan.Zero, patience));
        Assert.True(PlacementCore.ShouldCreateTable(plane.View, 3, patience, patience));
        Assert.True(PlacementCore.ShouldCreateTable(plane.View, 2, TimeSpan.Zero, patience));
        plane.WithTable();
        Assert.False(PlacementCore.ShouldCreateTable(plane.View, 2, patience, patience));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 3)]
    [InlineData(4, 3)]
    [InlineData(5, 5)]
    [InlineData(9, 5)]
    public void Group_zero_has_voters_by_its_size_and_everybody_else_follows(int members, int voters)
    {
        var plane = new ControlPlaneModel().WithUpMembers(members);
        plane.Accept(Join(Node(members + 1)));

        var chosen = ControlVoters.Choose(plane.View, [], []);

        Assert.Equal(voters, chosen.Voters.Length);
        Assert.Equal(members + 1 - voters, chosen.Learners.Length);
        Assert.Empty(chosen.Voters.Intersect(chosen.Learners));
    }

    [Fact]
    public void Who_votes_already_votes_first_then_seeds_then_the_oldest()
    {
        var plane = new ControlPlaneModel().WithUpMembers(4);
        var fourth = new NodeAddress("127.0.0.1", 4056);

        Assert.Equal([3, 4, 1], ControlVoters.Choose(plane.View, [fourth], [new NodeId(3)]).Voters.Select(node => (int)node.Value));
        Assert.Equal([1, 2, 3], ControlVoters.Choose(plane.View, [], []).Voters.Select(node => (int)node.Value));

        plane.Accept(plane.Status(1, MemberStatus.Leaving));
        plane.Accept(plane.Status(2, MemberStatus.Down));
        var rest = ControlVoters.Choose(plane.View, [], [new NodeId(1), new NodeId(2)]);
        Assert.Equal([3, 4], rest.Voters.Select(node => (int)node.Value));
        Assert.Equal([1], rest.Learners.Select(node => (int)node.Value));
    }

    [Fact]
    public void Leaders_with_different_seed_lists_agree_on_who_votes()
    {
        var plane = new ControlPlaneModel().WithUpMembers(9);
        NodeId[] current = [new(2), new(4), new(5), new(7), new(8)];
        NodeAddress[] first = [new("127.0.0.1", 4053), new("127.0.0.1", 4055)], others = [new("127.0.0.1", 4058), new("127.0.0.1", 4061)];

        Assert.Equal(current, ControlVoters.Choose(plane.View, first, [.. current]).Voters.Order());
        Assert.Equal(current, ControlVoters.Choose(plane.View, others, [.. current]).Voters.Order());
    }

    [Fact]
    public void Nodes_with_different_seed_lists_do_not_hand_group_zero_back_and_forth()
    {
        var plane = new ControlPlaneModel().WithUpMembers(4);
        NodeAddress[] seeds = [new("127.0.0.1", 4053), new("127.0.0.1", 4054), new("127.0.0.1", 4055), new("127.0.0.1", 4056)];
        foreach (var member in plane.View.Members)
        {
            // Each was started with the others as its seeds, and would rather have those vote than itself.
            var others = seeds.Where(seed => seed != member.Address).ToArray();
            Assert.Equal(member.Node, ControlVoters.Choose(plane.View, others, [], leader: member.Node).Voters[0]);
        }
    }

    internal static void AssertBalanced(ControlView view)
    {
        var up = view.Members.Where(member => member.IsUp).Select(member => member.Node).ToArray();
        var factor = Math.Min(view.Settings.ReplicationFactor, up.Length);
        Assert.All(view.Shards, shard =>
        {
            Assert.Equal(factor, shard.Replicas.Length);
            Assert.Equal(factor, shard.Replicas.Distinct().Count());
            Assert.All(shard.Replicas, replica => Assert.Contains(replica, up));
        });
        var replicas = up.Select(view.ReplicaCount).ToArray();
        var leaders = up.Select(node => view.Shards.Count(shard => shard.PreferredLeader == node)).ToArray();
        Assert.True(replicas.Max() - replicas.Min() <= 1, $"replicas {string.Join(",", replicas)}");
        Assert.True(leaders.Max() - leaders.Min() <= 1, $"leaders {string.Join(",", leaders)}, replicas {string.Join(",", replicas)}");
    }
}
