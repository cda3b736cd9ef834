using Cluster.Engine.Remoting;
using Cluster.Shared.Wire;
using Google.Protobuf;

namespace Cluster.Engine.Tests.Remoting;

/// <summary>What every transport must keep. Each implementation runs all of it.</summary>
public abstract partial class TransportCompliance
{
    protected abstract TransportWorld NewWorld();

    [Fact]
    public async Task Frames_arrive_once_and_in_order()
    {
        await using var world = NewWorld();
        var (one, two) = (await world.AddAsync("n1"), await world.AddAsync("n2"));
        for (var i = 0; i < 5_000; i++)
        {
            Assert.True(one.SendTo(two, i));
        }

        await world.UntilAsync(() => two.Count >= 5_000, "all frames have arrived");
        await world.PassAsync(TimeSpan.FromMilliseconds(20));
        Assert.Equal(0, one.LinkTo(two.Address).PendingBytes);
        Assert.Equal(Enumerable.Range(0, 5_000), two.Numbers);
        Assert.All(two.Frames, frame => Assert.Equal("n1", frame.From.Name.ToString()));
    }

    [Fact]
    public async Task Frames_flow_both_ways_over_the_one_link()
    {
        await using var world = NewWorld();
        var (one, two) = (await world.AddAsync("n1"), await world.AddAsync("n2"));
        await world.LinkAsync(one, two);
        two.SendTo(one, 1);
        one.SendTo(two, 2);
        await world.UntilAsync(() => one.Count == 1 && two.Count == 1, "both have their frame");
        Assert.Equal(1, one.LinkTo(two.Address).Connects);
        Assert.Equal(1, two.LinkTo(one.Address).Connects);
    }

    [Fact]
    public async Task Every_channel_reaches_its_own_handler()
    {
        await using var world = NewWorld();
        var (one, two) = (await world.AddAsync("n1"), await world.AddAsync("n2"));
        foreach (var channel in Enum.GetValues<Channel>())
        {
            one.Transport.Send(two.Address, channel, TestNode.Numbered((int)channel));
        }

        await world.UntilAsync(() => two.Count == Enum.GetValues<Channel>().Length, "all have arrived");
        Assert.All(two.Frames, frame => Assert.Equal(((int)frame.Channel).ToString(), ActorEnvelope.Parser.ParseFrom(frame.Payload).To));
    }

    [Fact]
    public async Task A_link_is_up_before_its_first_frame()
    {
        await using var world = NewWorld();
        var (one, two) = (await world.AddAsync("n1"), await world.AddAsync("n2"));
        one.SendTo(two, 1);
        await world.UntilAsync(() => two.Count == 1, "the frame has arrived");
        Assert.Equal(["LinkUp", "frame"], two.Story);
        Assert.Equal(one.Address, Assert.IsType<LinkUp>(two.Events[0]).Peer.Address);
    }

    [Fact]
    public async Task The_largest_frame_arrives_whole_and_a_larger_one_is_refused()
    {
        await using var world = NewWorld();
        var (one, two) = (await world.AddAsync("n1"), await world.AddAsync("n2"));
        var largest = new ActorEnvelope { Payload = UnsafeByteOperations.UnsafeWrap(new byte[TransportWorld.Quick.MaxFrameBytes - 5]) };
        Assert.Equal(TransportWorld.Quick.MaxFrameBytes, largest.CalculateSize());
        one.SendTo(two, 1);
        Assert.True(one.Transport.Send(two.Address, Channel.Actor, largest));
        Assert.False(one.Transport.Send(two.Address, Channel.Actor, TestNode.Numbered(1, TransportWorld.Quick.MaxFrameBytes)));
        one.SendTo(two, 2);
        await world.UntilAsync(() => two.Count == 3, "all three have arrived");
        Assert.Equal(largest.ToByteArray(), two.Frames[1].Payload);
        Assert.Equal(1, one.LinkTo(two.Address).Dropped[DropReason.Oversized]);
    }

    [Fact]
    public async Task Pending_frames_are_bounded_and_the_excess_is_counted()
    {
        await using var world = NewWorld();
        var one = await world.AddAsync(new TransportWorld.NodeSetup("n1")
        {
            Options = TransportWorld.Quick with { MaxFrameBytes = 64 * 1024, InteractivePendingBytes = 256 * 1024, BulkPendingBytes = 64 * 1024 },
        });
        var nowhere = world.SilentAddress();
        var taken = 0;
        while (taken < 1_000 && one.Transport.Send(nowhere, Channel.Actor, TestNode.Numbered(taken, 10_000)))
        {
            taken++;
        }

        Assert.InRange(taken, 20, 26);
        Assert.Equal(1, one.LinkTo(nowhere).Dropped[DropReason.PendingFull]);
        Assert.True(one.LinkTo(nowhere).PendingBytes <= 256 * 1024);
    }

    [Fact]
    public async Task Both_dialling_at_once_end_with_one_link()
    {
        for (var round = 0; round < 10; round++)
        {
            await using var world = NewWorld();
            var (one, two) = (await world.AddAsync("n1"), await world.AddAsync("n2"));
            for (var i = 0; i < 100; i++)
            {
                Assert.True(one.SendTo(two, i));
                Assert.True(two.SendTo(one, i));
            }

            await world.UntilAsync(() => one.Count >= 100 && two.Count >= 100, "all have arrived");
            await world.PassAsync(TimeSpan.FromMilliseconds(20));
            Assert.Equal(Enumerable.Range(0, 100), one.Numbers);
            Assert.Equal(Enumerable.Range(0, 100), two.Numbers);
            Assert.Equal(1, one.LinkTo(two.Address).Connects);
            Assert.Equal(1, two.LinkTo(one.Address).Connects);
            Assert.DoesNotContain("LinkDown", one.Story.Concat(two.Story));
        }
    }

    [Fact]
    public async Task Links_that_are_closed_again_and_again_from_both_sides_come_back_as_one()
    {
        await using var world = NewWorld();
        var (one, two) = (await world.AddAsync("n1"), await world.AddAsync("n2"));
        var random = new Random(11);
        for (var number = 0; number < 400; number++)
        {
            one.SendTo(two, number);
            two.SendTo(one, number);
            if (number % 10 == 0)
            {
                var (closer, other) = random.Next(2) == 0 ? (one, two) : (two, one);
                closer.Transport.Forget(other.Address);
                await world.PassAsync(TimeSpan.FromMilliseconds(random.Next(3)));
            }
        }

        one.Transport.Connect(two.Address);
        two.Transport.Connect(one.Address);
        await world.UntilAsync(() => one.SendTo(two, 1_000) && two.SendTo(one, 1_000) && one.Numbers.Contains(1_000) && two.Numbers.Contains(1_000), "frames flow both ways again");
        foreach (var node in new[] { one, two })
        {
            var numbers = node.Numbers.TakeWhile(number => number < 1_000).ToList();
            Assert.Equal(numbers.Distinct().Order(), numbers);
            Assert.Single(node.Transport.Links);
            Assert.True(node.Events.OfType<LinkUp>().Count() - node.Events.OfType<LinkDown>().Count(down => down.Cause != LinkDownCause.Unreachable) <= 1);
        }
    }

    [Fact]
    public async Task The_bulk_lane_is_a_link_of_its_own()
    {
        await using var world = NewWorld();
        var (one, two) = (await world.AddAsync("n1"), await world.AddAsync("n2"));
        one.SendTo(two, 1);
        one.SendTo(two, 2, Lane.Bulk);
        await world.UntilAsync(() => two.Count == 2, "both have arrived");
        Assert.Equal([Lane.Interactive, Lane.Bulk], two.Transport.Links.Select(link => link.Lane));
        Assert.Single(two.Events.OfType<LinkUp>());
    }

    [Fact]
    public async Task A_link_with_nobody_at_the_other_end_is_down_at_once_and_up_once_there_is()
    {
        await using var world = NewWorld();
        var one = await world.AddAsync("n1");
        var address = await world.DeadAddressAsync();
        one.Transport.Send(address, Channel.Actor, TestNode.Numbered(1));
        await world.UntilAsync(() => one.Events.Count > 0, "the link is said to be down");
        Assert.Equal(LinkDownCause.NobodyListens, Assert.IsType<LinkDown>(one.Events[0]).Cause);
        await world.UntilAsync(() => one.LinkTo(address).Dropped.ContainsKey(DropReason.LinkLost), "the frame that waited is dropped and counted");

        var two = await world.AddAsync(new TransportWorld.NodeSetup("n2") { At = address });
        await world.UntilAsync(() => one.IsLinkedTo(address), "the link is up");
        Assert.Single(one.Events.OfType<LinkDown>());
        Assert.Equal(0, two.Count);
    }

    [Fact]
    public async Task A_lost_link_is_told_and_made_again_with_the_newer_incarnation()
    {
        await using var world = NewWorld();
        var (one, two) = (await world.AddAsync("n1"), await world.AddAsync("n2"));
        await world.LinkAsync(one, two);
        await world.KillAsync(two);
        await world.UntilAsync(() => one.Events.OfType<LinkDown>().Any(), "the loss is told");
        var again = await world.AddAsync(new TransportWorld.NodeSetup("n2") { Incarnation = 2, At = two.Address });
        await world.UntilAsync(() => one.IsLinkedTo(two.Address), "the link is up again");
        one.SendTo(again, 7);
        await world.UntilAsync(() => again.Count == 1, "a frame arrives");
        Assert.Equal([7], again.Numbers);
        Assert.Equal([1UL, 2UL], one.Events.OfType<LinkUp>().Select(up => up.Peer.Incarnation.Value));
        Assert.Equal("n2", one.Events.OfType<LinkDown>().First().Name.ToString());
    }

    [Fact]
    public async Task Forgetting_closes_the_link_on_both_sides_and_it_stays_closed()
    {
        await using var world = NewWorld();
        var (one, two) = (await world.AddAsync("n1"), await world.AddAsync("n2"));
        await world.LinkAsync(one, two);
        one.Transport.Forget(two.Address);
        await world.UntilAsync(() => !two.IsLinkedTo(one.Address) && two.Events.OfType<LinkDown>().Any() && one.Events.OfType<LinkDown>().Any(), "both hear of it");
        await world.PassAsync(TimeSpan.FromMilliseconds(150));
        Assert.Empty(one.Transport.Links);
        Assert.Equal(LinkDownCause.Closed, one.Events.OfType<LinkDown>().Single().Cause);
    }

    [Fact]
    public async Task A_handler_that_throws_costs_its_frame_only()
    {
        await using var world = NewWorld();
        var (one, two) = (await world.AddAsync("n1"), await world.AddAsync("n2"));
        two.OnArrival = channel => { if (channel == Channel.Shard) { throw new InvalidOperationException("planted"); } };
        one.SendTo(two, 1);
        one.Transport.Send(two.Address, Channel.Shard, TestNode.Numbered(2));
        one.SendTo(two, 3);
        await world.UntilAsync(() => two.Count == 2, "the others have arrived");
        Assert.Equal([1, 3], two.Numbers);
        Assert.Equal(1, two.LinkTo(one.Address).Dropped[DropReason.HandlerFailed]);
        Assert.DoesNotContain("LinkDown", two.Story);
    }

    [Fact]
    public async Task A_frame_that_its_handler_cannot_parse_closes_the_link_which_then_comes_back()
    {
        await using var world = NewWorld();
        var (one, two) = (await world.AddAsync("n1"), await world.AddAsync("n2"));
        var bad = true;
        two.OnArrival = _ => { if (bad) { bad = false; ActorEnvelope.Parser.ParseFrom([0xFF]); } };
        one.SendTo(two, 1);
        await world.UntilAsync(() => two.Events.OfType<LinkDown>().Any(down => down.Cause == LinkDownCause.ProtocolError), "the link is closed");
        await world.UntilAsync(() => one.SendTo(two, 2) && two.Count > 0, "frames arrive again");
    }

    [Fact]
    public async Task A_channel_that_nobody_handles_is_counted()
    {
        await using var world = NewWorld();
        var (one, two) = (await world.AddAsync("n1"), await world.AddAsync(new TransportWorld.NodeSetup("n2") { Deaf = [Channel.Shard] }));
        one.Transport.Send(two.Address, Channel.Shard, TestNode.Numbered(1));
        one.SendTo(two, 2);
        await world.UntilAsync(() => two.Count == 1, "the other has arrived");
        Assert.Equal(1, two.LinkTo(one.Address).Dropped[DropReason.NoHandler]);
    }
}
