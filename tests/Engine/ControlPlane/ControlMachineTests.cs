using Cluster.Engine.ControlPlane;
using Cluster.Shared.Ids;
using Cluster.Shared.Wire;
using Google.Protobuf;
using static Cluster.Engine.Tests.ControlPlane.ControlPlaneModel;

namespace Cluster.Engine.Tests.ControlPlane;

public class ControlMachineTests
{
    [Fact]
    public void Forming_makes_the_first_node_an_up_member_with_number_one()
    {
        var plane = new ControlPlaneModel();

        var reply = plane.Accept(Form());

        Assert.Equal((1u, Id, MemberStatus.Up), (reply.Node, reply.ClusterId, reply.Status));
        var first = Assert.Single(plane.View.Members);
        Assert.Equal(("n1", 1ul, 1ul, 1ul), (first.Name.ToString(), first.JoinEpoch, first.UpEpoch, plane.View.Epoch));
        Assert.Equal(new ControlSettings(12, 3), plane.View.Settings);
    }

    [Fact]
    public void A_cluster_forms_once()
    {
        var plane = new ControlPlaneModel();
        plane.Accept(Form());

        Assert.False(plane.Accept(Form()).Changed); // The same node asks again: the answer was lost.
        var other = Form();
        other.FormCluster.ClusterId = "c-2";
        plane.Refuse(ControlRefusal.AlreadyFormed, other, Id, "join it");
    }

    [Theory]
    [InlineData(0, 3)]
    [InlineData(ControlLimits.MaxShards + 1, 3)]
    [InlineData(12, 0)]
    [InlineData(12, ControlLimits.MaxReplicationFactor + 1)]
    public void Settings_out_of_bounds_are_refused(int shards, int factor)
    {
        new ControlPlaneModel().Refuse(ControlRefusal.BadCommand, Form(shards, factor), "between 1 and");
    }

    [Fact]
    public void Nothing_else_is_decided_before_the_cluster_has_formed()
    {
        var plane = new ControlPlaneModel();
        plane.Refuse(ControlRefusal.NotFormed, Join(Node(2)));
        plane.Refuse(ControlRefusal.NotFormed, plane.Status(1, MemberStatus.Up));
        plane.Refuse(ControlRefusal.BadCommand, new ControlCommand());
        Assert.Equal(ControlRefusal.BadCommand, plane.Machine.Decide([0xff, 0xff, 0xff]).Reply.Refusal);
    }

    [Fact]
    public void Two_joins_decided_before_either_is_applied_get_two_numbers()
    {
        var plane = new ControlPlaneModel();
        plane.Accept(Form());

        var (first, firstReply) = plane.Machine.Decide(Join(Node(2)));
        var (second, secondReply) = plane.Machine.Decide(Join(Node(3)));

        Assert.Equal((2u, 3u), (firstReply.Node, secondReply.Node));
        plane.Machine.Apply(2, first.Span);
        Assert.Equal(ControlRefusal.NameTaken, plane.Machine.Decide(Join(Node(3, uid: 9))).Reply.Refusal);
        plane.Machine.Apply(3, second.Span);
        Assert.Equal([1u, 2u, 3u], plane.View.Members.Select(member => member.Node.Value));
    }

    [Fact]
    public void What_another_leader_decided_replaces_what_this_one_expected()
    {
        var (left, right) = (new ControlPlaneModel(), new ControlPlaneModel());
        left.Accept(Form());
        right.Accept(Form());
        left.Machine.Decide(Join(Node(2)));
        left.Machine.Decide(Join(Node(3)));

        var (decided, _) = right.Machine.Decide(Join(Node(4)));
        left.Machine.Apply(2, decided.Span);

        Assert.Equal(3u, left.Machine.Decide(Join(Node(2))).Reply.Node);
    }

    [Fact]
    public void A_leader_that_lost_its_leadership_forgets_what_it_expected()
    {
        var plane = new ControlPlaneModel();
        plane.Accept(Form());
        plane.Machine.Decide(Join(Node(2)));

        plane.Machine.ForgetUndecided();

        Assert.Equal(2u, plane.Machine.Decide(Join(Node(3))).Reply.Node);
    }

    [Fact]
    public void A_decision_on_top_of_one_that_is_under_way_has_to_look_again()
    {
        var plane = new ControlPlaneModel().WithUpMembers(3).WithTable();
        var command = plane.Replicas(1, 2, 1);
        plane.Machine.Decide(command);

        var (_, reply) = plane.Machine.Decide(plane.Replicas(1, 3, 1));

        Assert.Equal(ControlRefusal.EpochChanged, reply.Refusal);
        Assert.Contains("being changed just now", reply.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Decisions_under_way_are_bounded()
    {
        var plane = new ControlPlaneModel();
        plane.Accept(Form());
        for (var node = 2; node < ControlMachine.MaxUndecided + 2; node++)
        {
            Assert.Equal(ControlRefusal.None, plane.Machine.Decide(Join(Node(node))).Reply.Refusal);
        }

        Assert.Equal(ControlRefusal.Limit, plane.Machine.Decide(Join(Node(99))).Reply.Refusal);
    }

    [Fact]
    public void The_view_is_published_after_each_change_and_stays_as_it_was()
    {
        var plane = new ControlPlaneModel();
        var published = new List<ControlView>();
        plane.Machine.Published = published.Add;

        plane.Accept(Form());
        plane.Accept(Join(Node(2)));
        plane.Accept(Join(Node(2)));

        Assert.Equal([1ul, 2ul], published.Select(view => view.Epoch));
        Assert.Single(published[0].Members);
        Assert.Same(plane.View, published[1]);
    }

    [Fact]
    public void A_snapshot_restores_to_an_equal_state()
    {
        var plane = new ControlPlaneModel().WithUpMembers(4).WithTable();
        plane.Accept(new ControlCommand { PlaceSingleton = new PlaceSingleton { Name = "clock", Node = 2 } });
        plane.Accept(plane.Status(4, MemberStatus.Down));
        plane.Replan();
        plane.Accept(plane.Status(4, MemberStatus.Removed));

        var copy = new ControlMachine();
        copy.Restore(plane.Machine.Snapshot());

        Assert.Equal(plane.Machine.Hash(), copy.Hash());
        Assert.Equal(plane.Machine.Snapshot(), copy.Snapshot());
        Assert.Equal(plane.View.ShardOfSlot(9_999), copy.View.ShardOfSlot(9_999));
    }

    [Fact]
    public void A_damaged_snapshot_is_refused_and_changes_nothing()
    {
        var plane = new ControlPlaneModel().WithUpMembers(3).WithTable();
        var before = plane.Machine.Hash();
        var snapshot = ControlSnapshot.Parser.ParseFrom(plane.Machine.Snapshot());

        Refused(damaged => damaged.Format = 2, "format 2");
        Refused(damaged => damaged.Shards[3].LastSlot = 20_000, "shard s4");
        Refused(damaged => damaged.Shards[3].LastSlot--, "covers");
        Refused(damaged => damaged.Shards.RemoveAt(11), "11 shards");
        Refused(damaged => damaged.Members[1].Name = "n1", "held twice");
        Refused(damaged => damaged.Members[1].Uid = ByteString.Empty, "uid");
        Refused(damaged => damaged.LastNode = 2, "last number");
        Assert.Throws<InvalidDataException>(() => plane.Machine.Restore([1, 2, 3]));
        Assert.Equal(before, plane.Machine.Hash());

        void Refused(Action<ControlSnapshot> damage, string says)
        {
            var damaged = snapshot.Clone();
            damage(damaged);
            var refusal = Assert.Throws<InvalidDataException>(() => plane.Machine.Restore(damaged.ToByteArray()));
            Assert.Contains(says, refusal.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void An_event_that_does_not_fit_stops_the_replica_and_says_which()
    {
        var plane = new ControlPlaneModel();
        plane.Accept(Form());
        var unknown = new ControlEvent { StatusChanged = new StatusChanged { Node = 7, Status = MemberStatus.Up } };

        var refusal = Assert.Throws<InvalidDataException>(() => plane.Machine.Apply(2, unknown.ToByteArray()));

        Assert.Contains("entry 2", refusal.Message, StringComparison.Ordinal);
        Assert.Throws<InvalidDataException>(() => plane.Machine.Apply(2, [0xfa, 0x3f, 0x00])); // A field that this version does not know.
    }

    [Fact]
    public void Every_slot_is_found_in_its_shard()
    {
        var plane = new ControlPlaneModel().WithUpMembers(3, shards: 7).WithTable();

        for (var slot = 0; slot < ControlLimits.Slots; slot++)
        {
            var shard = plane.View.FindShard(plane.View.ShardOfSlot(slot))!;
            Assert.InRange(slot, shard.FirstSlot, shard.LastSlot);
        }

        Assert.Equal(ShardId.Control, ControlView.Empty.ShardOfSlot(5));
        Assert.Null(plane.View.FindShard(ShardId.Control));
        Assert.Null(plane.View.FindShard(new ShardId(8)));
    }
}
