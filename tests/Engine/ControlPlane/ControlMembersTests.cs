using Cluster.Engine.ControlPlane;
using Cluster.Shared.Ids;
using Cluster.Shared.Wire;
using Google.Protobuf;
using static Cluster.Engine.Tests.ControlPlane.ControlPlaneModel;

namespace Cluster.Engine.Tests.ControlPlane;

public class ControlMembersTests
{
    private readonly ControlPlaneModel plane = new();

    [Fact]
    public void Joining_twice_is_joining_once()
    {
        plane.Accept(Form());
        var first = plane.Accept(Join(Node(2)));
        var again = plane.Accept(Join(Node(2)));

        Assert.Equal((2u, true), (first.Node, first.Changed));
        Assert.Equal((2u, false), (again.Node, again.Changed));
        Assert.Equal((Id, MemberStatus.Joining), (again.ClusterId, again.Status));
    }

    [Fact]
    public void A_restarted_member_keeps_its_number_and_status_and_brings_its_new_addresses()
    {
        plane.WithUpMembers(2);

        var reply = plane.Accept(Join(Node(2, incarnation: 5, port: 9000), Id, 2));

        Assert.Equal((2u, MemberStatus.Up), (reply.Node, reply.Status));
        var member = plane.View.FindMember(new NodeId(2))!;
        Assert.Equal((new Incarnation(5), new NodeAddress("127.0.0.1", 9000), MemberStatus.Up), (member.Incarnation, member.Address, member.Status));
        Assert.Equal(member, plane.View.FindMember(new NodeAddress("127.0.0.1", 9000)));
    }

    [Fact]
    public void An_older_incarnation_is_refused()
    {
        plane.WithUpMembers(2);
        plane.Accept(Join(Node(2, incarnation: 5), Id, 2));

        plane.Refuse(ControlRefusal.StaleIncarnation, Join(Node(2, incarnation: 4), Id, 2), "n2", "incarnation 5", "must stop");
    }

    [Fact]
    public void A_second_process_on_a_copied_data_directory_is_refused()
    {
        plane.WithUpMembers(2);

        plane.Refuse(ControlRefusal.StaleIncarnation, Join(Node(2, port: 9000), Id, 2), "copy of its data directory", "127.0.0.1:9000");
    }

    [Fact]
    public void A_name_that_another_data_directory_holds_is_refused_naming_the_holder_and_the_way_out()
    {
        plane.WithUpMembers(2);

        plane.Refuse(ControlRefusal.NameTaken, Join(Node(2, uid: 77, port: 9000)), "n2", "#2", "127.0.0.1:4054", "lab cluster down n2");
    }

    [Fact]
    public void The_name_of_a_member_on_its_way_out_is_asked_for_again()
    {
        plane.WithUpMembers(3);
        plane.Accept(plane.Status(2, MemberStatus.Down));

        var reply = plane.Refuse(ControlRefusal.BeingRemoved, Join(Node(2, uid: 77)), "n2", "down", "removed");
        Assert.True(ControlRefusals.IsTransient(reply.Refusal));
    }

    [Fact]
    public void The_name_of_a_removed_member_is_free_and_its_number_is_not()
    {
        plane.WithUpMembers(3);
        plane.Accept(plane.Status(2, MemberStatus.Down));
        plane.Accept(plane.Status(2, MemberStatus.Removed));

        Assert.Equal(4u, plane.Accept(Join(Node(2, uid: 77))).Node);
    }

    [Fact]
    public void A_removed_data_directory_never_comes_back()
    {
        plane.WithUpMembers(3);
        plane.Accept(plane.Status(2, MemberStatus.Down));
        plane.Refuse(ControlRefusal.Removed, Join(Node(2, incarnation: 2), Id, 2), "marked down", "empty one");

        plane.Accept(plane.Status(2, MemberStatus.Removed));
        plane.Refuse(ControlRefusal.Removed, Join(Node(2, incarnation: 2), Id, 2), "n2 (#2)", "was removed", "empty one");
        plane.Refuse(ControlRefusal.Removed, Join(Node(9, uid: 99), Id, 2), "node #2", "no member");
    }

    [Fact]
    public void Another_clusters_node_is_refused()
    {
        plane.Accept(Form());

        plane.Refuse(ControlRefusal.WrongCluster, Join(Node(2), name: "prod"), "'prod'", "'lab'");
        plane.Refuse(ControlRefusal.WrongCluster, Join(Node(2), id: "c-9", known: 2), "c-9", Id);
    }

    [Fact]
    public void A_data_directory_started_under_another_name_is_refused()
    {
        plane.WithUpMembers(2);

        plane.Refuse(ControlRefusal.WrongName, Join(Node(3, uid: 2, incarnation: 2), Id, 2), "belongs to member n2", "started as n3");
        plane.Refuse(ControlRefusal.BadCommand, Join(Node(2, incarnation: 2), Id, 7), "#7", "#2");
    }

    [Fact]
    public void A_new_node_on_a_members_address_is_refused_unless_that_member_is_down()
    {
        plane.WithUpMembers(3);
        plane.Refuse(ControlRefusal.AddressTaken, Join(Node(9, port: 4054)), "n2", "127.0.0.1:4054");

        plane.Accept(plane.Status(2, MemberStatus.Down));
        plane.Accept(Join(Node(9, port: 4054)));
        Assert.Equal("n9", plane.View.FindMember(new NodeAddress("127.0.0.1", 4054))!.Name.ToString());
    }

    [Fact]
    public void A_node_that_presents_itself_badly_is_refused()
    {
        plane.Accept(Form());
        Refused(node => node.Name = "N2", "N2");
        Refused(node => node.Uid = ByteString.CopyFrom(1, 2), "16 random bytes");
        Refused(node => node.Uid = ByteString.CopyFrom(new byte[16]), "16 random bytes");
        Refused(node => node.Address = "nowhere", "nowhere");
        Refused(node => node.Address = "127.0.0.1:04054", "host:port");
        Refused(node => node.RespAddress = "x", "RESP 'x'");
        Refused(node => node.Incarnation = 0, "incarnation 0");
        Refused(node => node.Roles.Add("a b"), "roles");
        Refused(node => node.Roles.Add(Enumerable.Range(0, ControlLimits.MaxRoles + 1).Select(i => $"r{i}")), "roles");
        plane.Refuse(ControlRefusal.BadCommand, new ControlCommand { Join = new Join { ClusterName = Name } });

        void Refused(Action<JoiningNode> spoil, string says)
        {
            var node = Node(2);
            spoil(node);
            plane.Refuse(ControlRefusal.BadCommand, Join(node), says);
        }
    }

    [Fact]
    public void Members_are_bounded()
    {
        plane.WithUpMembers(ControlLimits.MaxMembers);

        plane.Refuse(ControlRefusal.Limit, Join(Node(ControlLimits.MaxMembers + 1)), "128 members");
    }

    /// <summary>Akka's membership life cycle, without weakly up and the states of a full shutdown.</summary>
    [Fact]
    public void Status_changes_only_along_the_legal_transitions()
    {
        (MemberStatus From, MemberStatus[] To)[] legal =
        [
            (MemberStatus.Joining, [MemberStatus.Up, MemberStatus.Leaving, MemberStatus.Down, MemberStatus.Removed]),
            (MemberStatus.Up, [MemberStatus.Leaving, MemberStatus.Down, MemberStatus.Removed]),
            (MemberStatus.Leaving, [MemberStatus.Exiting, MemberStatus.Down, MemberStatus.Removed]),
            (MemberStatus.Exiting, [MemberStatus.Down, MemberStatus.Removed]),
            (MemberStatus.Down, [MemberStatus.Removed]),
        ];
        var ways = new Dictionary<MemberStatus, MemberStatus[]>
        {
            [MemberStatus.Joining] = [],
            [MemberStatus.Up] = [MemberStatus.Up],
            [MemberStatus.Leaving] = [MemberStatus.Leaving],
            [MemberStatus.Exiting] = [MemberStatus.Leaving, MemberStatus.Exiting],
            [MemberStatus.Down] = [MemberStatus.Down],
        };
        foreach (var (from, allowed) in legal)
        {
            foreach (var to in Enum.GetValues<MemberStatus>())
            {
                var cluster = new ControlPlaneModel().WithUpMembers(1);
                cluster.Accept(Join(Node(2)));
                foreach (var step in ways[from])
                {
                    cluster.Accept(cluster.Status(2, step));
                }

                var command = cluster.Status(2, to);
                if (to == from)
                {
                    Assert.False(cluster.Accept(command).Changed);
                }
                else if (allowed.Contains(to))
                {
                    Assert.True(cluster.Accept(command).Changed);
                }
                else
                {
                    cluster.Refuse(ControlRefusal.IllegalTransition, command, "n2");
                }
            }
        }
    }

    [Fact]
    public void Removing_twice_is_removing_once_and_an_unknown_node_is_named()
    {
        plane.WithUpMembers(3);
        plane.Accept(plane.Status(3, MemberStatus.Removed));

        Assert.False(plane.Accept(plane.Status(3, MemberStatus.Removed)).Changed);
        plane.Refuse(ControlRefusal.UnknownNode, plane.Status(3, MemberStatus.Up), "n3", "was removed");
        plane.Refuse(ControlRefusal.UnknownNode, plane.Status(9, MemberStatus.Up), "#9");
    }

    [Fact]
    public void The_last_member_that_is_up_can_neither_leave_nor_be_taken_away()
    {
        plane.WithUpMembers(1);
        plane.Accept(Join(Node(2)));

        foreach (var status in new[] { MemberStatus.Leaving, MemberStatus.Down, MemberStatus.Removed })
        {
            plane.Refuse(ControlRefusal.LastMember, plane.Status(1, status), "n1", "only member");
        }
    }

    [Fact]
    public void A_leaving_member_exits_only_without_replicas()
    {
        plane.WithUpMembers(4).WithTable();
        plane.Accept(plane.Status(4, MemberStatus.Leaving));
        plane.Refuse(ControlRefusal.StillHoldsReplicas, plane.Status(4, MemberStatus.Exiting), "9 shards");

        plane.Replan();
        plane.Accept(plane.Status(4, MemberStatus.Exiting));
    }

    [Fact]
    public void Removal_is_refused_where_a_shard_would_lose_its_majority()
    {
        plane.WithUpMembers(4).WithTable();
        plane.Accept(plane.Status(1, MemberStatus.Down));

        plane.Refuse(ControlRefusal.MajorityLost, plane.Status(2, MemberStatus.Removed), "n2", "1 live replicas of 3");
        plane.Accept(plane.Status(1, MemberStatus.Removed)); // Every shard keeps two of three.
    }

    [Fact]
    public void Who_cannot_be_reached_counts_as_lost_in_a_removal()
    {
        plane.WithUpMembers(3).WithTable();
        plane.Accept(plane.Status(2, MemberStatus.Down));
        var removal = plane.Status(2, MemberStatus.Removed);
        removal.ChangeStatus.Unreachable.Add(3);

        plane.Refuse(ControlRefusal.MajorityLost, removal);
    }

    [Fact]
    public void Removal_is_refused_where_the_control_plane_would_lose_its_majority()
    {
        plane.WithUpMembers(3);
        var removal = plane.Status(2, MemberStatus.Removed);
        removal.ChangeStatus.Unreachable.Add(3);
        removal.ChangeStatus.ControlVoters.Add([1u, 2u, 3u]);
        plane.Refuse(ControlRefusal.MajorityLost, removal, "the control plane", "1 live replicas of 2");

        removal.ChangeStatus.Unreachable.Clear();
        plane.Accept(removal);
    }

    [Fact]
    public void Leader_actions_move_members_along_their_life_cycle()
    {
        plane.WithUpMembers(3).WithTable();
        plane.Accept(Join(Node(4)));
        Assert.Empty(Due(node => node.Value != 4));
        Step(MemberStatus.Up);

        plane.Accept(plane.Status(4, MemberStatus.Leaving));
        Step(MemberStatus.Exiting); // It was given no replicas yet.
        Assert.Empty(Due(_ => true));
        var removal = Assert.Single(Due(node => node.Value != 4));
        Assert.Equal([4u], removal.Unreachable);
        plane.Accept(new ControlCommand { ChangeStatus = removal });
        Assert.Equal(3, plane.View.Members.Length);

        void Step(MemberStatus expected)
        {
            var change = Assert.Single(Due(_ => true));
            Assert.Equal((4u, expected), (change.Node, change.Status));
            plane.Accept(new ControlCommand { ChangeStatus = change });
        }

        IReadOnlyList<ChangeStatus> Due(Func<NodeId, bool> isReachable) => LeaderActions.Due(plane.View, isReachable, _ => false, [new(1), new(2), new(3)]);
    }

    [Fact]
    public void Leader_actions_wait_until_no_group_names_the_member_any_more()
    {
        plane.WithUpMembers(4).WithTable();
        plane.Accept(plane.Status(4, MemberStatus.Down));
        Assert.Empty(LeaderActions.Due(plane.View, _ => true, _ => false, []));

        plane.Replan();
        Assert.Empty(LeaderActions.Due(plane.View, _ => true, member => member.Node.Value == 4, []));
        Assert.Equal(MemberStatus.Removed, Assert.Single(LeaderActions.Due(plane.View, _ => true, _ => false, [])).Status);
    }

    [Fact]
    public void Leader_actions_propose_nothing_that_would_be_refused()
    {
        plane.WithUpMembers(3);
        plane.Accept(plane.Status(3, MemberStatus.Down));

        Assert.Empty(LeaderActions.Due(plane.View, node => node.Value != 3, _ => false, [new(1), new(2), new(3)]));
        Assert.Single(LeaderActions.Due(plane.View, node => node.Value != 3, _ => false, [new(1), new(2)]));
    }

    [Fact]
    public void A_leaver_does_not_exit_while_it_votes_in_the_control_plane()
    {
        plane.WithUpMembers(4);
        plane.Accept(plane.Status(2, MemberStatus.Leaving));

        Assert.Empty(LeaderActions.Due(plane.View, _ => true, _ => false, [new(1), new(2), new(3)]));
        Assert.Equal(MemberStatus.Exiting, Assert.Single(LeaderActions.Due(plane.View, _ => true, _ => false, [new(1), new(3), new(4)])).Status);
    }

    [Fact]
    public void A_leave_is_refused_while_too_few_of_those_who_stay_can_be_reached()
    {
        plane.WithUpMembers(3).WithTable();
        var leave = plane.Status(2, MemberStatus.Leaving);
        leave.ChangeStatus.Unreachable.Add(3);

        plane.Refuse(ControlRefusal.MajorityLost, leave, "n2 cannot leave now", "n3 cannot be reached", "lab cluster down");

        leave.ChangeStatus.Unreachable.Clear();
        plane.Accept(leave);
    }

    [Fact]
    public void Of_two_that_leave_at_once_the_last_one_up_stays()
    {
        plane.WithUpMembers(2).WithTable();
        plane.Accept(plane.Status(1, MemberStatus.Leaving));

        plane.Refuse(ControlRefusal.LastMember, plane.Status(2, MemberStatus.Leaving), "n2 is the only member that is up");
    }
}
