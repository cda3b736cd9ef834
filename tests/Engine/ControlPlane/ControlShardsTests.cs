using Cluster.Engine.ControlPlane;
using Cluster.Shared.Ids;
using Cluster.Shared.Wire;
using static Cluster.Engine.Tests.ControlPlane.ControlPlaneModel;

namespace Cluster.Engine.Tests.ControlPlane;

public class ControlShardsTests
{
    private readonly ControlPlaneModel plane = new();

    [Fact]
    public void A_table_is_created_once_with_its_first_replicas_kept_for_ever()
    {
        plane.WithUpMembers(3).WithTable();
        var epoch = plane.View.Epoch;
        Assert.All(plane.View.Shards, shard => Assert.Equal((epoch, shard.Replicas), (shard.Epoch, shard.InitialReplicas)));

        plane.Refuse(ControlRefusal.TableExists, new ControlCommand { CreateShardTable = TableOf(PlacementCore.Wish(plane.View, _ => true)) });
        var first = plane.View.Shards[0].InitialReplicas;
        plane.Accept(plane.Replicas(1, 2));
        Assert.Equal(first, plane.View.Shards[0].InitialReplicas);
        Assert.Equal([new NodeId(2)], plane.View.Shards[0].Replicas);
        Assert.Equal(plane.View.Epoch, plane.View.Shards[0].Epoch);
    }

    [Fact]
    public void A_table_that_does_not_cover_every_slot_once_is_refused()
    {
        plane.WithUpMembers(3, shards: 4);
        Refused(table => table.Shards.RemoveAt(3), "3 shards");
        Refused(table => table.Shards[1].FirstSlot++, "row 2");
        Refused(table => table.Shards[1].FirstSlot--, "row 2");
        Refused(table => table.Shards[3].LastSlot--, "all 16384");
        Refused(table => table.Shards[3].LastSlot++, "row 4");
        Refused(table => table.Shards[2].Shard = 7, "row 3");
        Refused(table => table.Shards[2].Replicas.Clear(), "shard s3");
        Refused(table => table.Shards[2].Replicas.Add(table.Shards[2].Replicas[0]), "different nodes");

        void Refused(Action<CreateShardTable> spoil, string says)
        {
            var table = TableOf(PlacementCore.Wish(plane.View, _ => true));
            spoil(table);
            plane.Refuse(ControlRefusal.BadCommand, new ControlCommand { CreateShardTable = table }, says);
        }
    }

    [Fact]
    public void New_replicas_go_to_members_that_are_up()
    {
        plane.WithUpMembers(4).WithTable();
        plane.Accept(Join(Node(5)));
        plane.Refuse(ControlRefusal.NotUp, plane.Replicas(1, 1, 5), "n5", "joining");
        plane.Refuse(ControlRefusal.UnknownNode, plane.Replicas(1, 1, 9), "#9");
        plane.Refuse(ControlRefusal.BadCommand, plane.Replicas(1));
        plane.Refuse(ControlRefusal.BadCommand, plane.Replicas(1, 1, 1));
        plane.Refuse(ControlRefusal.UnknownShard, plane.Replicas(99, 1), "s99");
    }

    [Fact]
    public void A_leaving_member_keeps_its_replica_until_it_is_replaced_and_gets_no_new_one()
    {
        plane.WithUpMembers(4, factor: 2).WithTable();
        plane.Accept(plane.Status(1, MemberStatus.Leaving));
        var holds = plane.View.Shards.First(shard => shard.Replicas.Contains(new NodeId(1)));
        var lacks = plane.View.Shards.First(shard => !shard.Replicas.Contains(new NodeId(1)));

        plane.Accept(plane.Replicas(holds.Shard.Value, [1, .. new uint[] { 2, 3, 4 }]));
        plane.Refuse(ControlRefusal.NotUp, plane.Replicas(lacks.Shard.Value, 1, 2), "leaving");
    }

    [Fact]
    public void Replicas_decided_on_an_old_view_are_refused()
    {
        plane.WithUpMembers(3).WithTable();
        var late = plane.Replicas(1, 3);
        plane.Accept(plane.Replicas(1, 2));

        plane.Refuse(ControlRefusal.EpochChanged, late, "look again");
        Assert.False(plane.Accept(plane.Replicas(1, 2)).Changed);
    }

    [Fact]
    public void A_singleton_moves_with_a_new_epoch_and_only_from_where_it_was_seen()
    {
        plane.WithUpMembers(3);
        plane.Accept(Place("clock", 1, 0));
        var epoch = plane.View.FindSingleton("clock")!.Epoch;
        plane.Refuse(ControlRefusal.EpochChanged, Place("clock", 2, 0), "clock");
        Assert.False(plane.Accept(Place("clock", 1, epoch)).Changed);

        plane.Accept(Place("clock", 2, epoch));
        Assert.Equal(new NodeId(2), plane.View.FindSingleton("clock")!.Node);
        Assert.True(plane.View.FindSingleton("clock")!.Epoch > epoch);
        plane.Refuse(ControlRefusal.UnknownNode, Place("other", 9, 0));
        plane.Refuse(ControlRefusal.BadCommand, Place("not a name", 1, 0));
    }

    [Fact]
    public void Singletons_are_listed_by_name_and_bounded()
    {
        plane.WithUpMembers(1);
        for (var i = ControlLimits.MaxSingletons; i > 0; i--)
        {
            plane.Accept(Place($"s{i:000}", 1, 0));
        }

        Assert.Equal(plane.View.Singletons.Select(singleton => singleton.Name).Order(StringComparer.Ordinal), plane.View.Singletons.Select(singleton => singleton.Name));
        plane.Refuse(ControlRefusal.Limit, Place("one-more", 1, 0));
    }

    [Fact]
    public void A_singleton_lives_on_the_oldest_reachable_member_and_stays_there()
    {
        plane.WithUpMembers(3);
        var margin = SingletonPlacement.DefaultMargin;
        var silentSince = new Dictionary<uint, TimeSpan>();
        Assert.Equal(1u, Decide(0)!.Node);
        silentSince[1] = TimeSpan.Zero;
        Assert.Equal(2u, Decide(1)!.Node);
        plane.Accept(new ControlCommand { PlaceSingleton = Decide(1) });

        silentSince.Clear();
        Assert.Null(Decide(2)); // The older one is back; it does not move back.
        silentSince[2] = TimeSpan.Zero;
        Assert.Null(Decide((int)margin.TotalSeconds - 1));
        Assert.Equal(1u, Decide((int)margin.TotalSeconds)!.Node);

        plane.Accept(plane.Status(2, MemberStatus.Leaving));
        Assert.Equal(1u, Decide(0)!.Node);
        Assert.Null(SingletonPlacement.Decide(plane.View, "clock", "printer", _ => null, TimeSpan.Zero, margin));

        PlaceSingleton? Decide(int seconds) => SingletonPlacement.Decide(
            plane.View, "clock", null, node => silentSince.TryGetValue(node.Value, out var since) ? since : null, TimeSpan.FromSeconds(seconds), margin);
    }

    private static ControlCommand Place(string name, uint node, ulong epoch) =>
        new() { PlaceSingleton = new PlaceSingleton { Name = name, Node = node, ExpectedEpoch = epoch } };
}
