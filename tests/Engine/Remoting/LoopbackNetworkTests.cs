using Cluster.Engine.Remoting;
using Cluster.Engine.Simulation;
using Cluster.Shared.Ids;

namespace Cluster.Engine.Tests.Remoting;

/// <summary>What only the simulated network has: partitions and crashes of nodes, latency in virtual time, runs that repeat.</summary>
public sealed class LoopbackNetworkTests
{
    [Fact]
    public async Task A_partition_drops_frames_and_healing_lets_them_through()
    {
        await using var world = new LoopbackWorld();
        var (one, two, three) = (await world.AddAsync("n1"), await world.AddAsync("n2"), await world.AddAsync("n3"));
        await world.LinkAsync(one, two);
        await world.LinkAsync(two, three);
        world.Network.Partition([one.Address], [two.Address, three.Address]);
        one.SendTo(two, 1);
        two.SendTo(three, 2);
        await world.PassAsync(TimeSpan.FromSeconds(1));
        Assert.Equal(0, two.Count);
        Assert.Equal([2], three.Numbers);
        world.Network.Heal();
        one.SendTo(two, 3);
        await world.PassAsync(TimeSpan.FromSeconds(1));
        Assert.Equal([3], two.Numbers);
    }

    [Fact]
    public async Task A_crash_behind_a_partition_is_noticed_only_after_it_heals()
    {
        await using var world = new LoopbackWorld();
        var (one, two) = (await world.AddAsync("n1"), await world.AddAsync("n2"));
        await world.LinkAsync(one, two);
        world.Network.Partition([one.Address], [two.Address]);
        world.Network.Crash(two.Address);
        one.SendTo(two, 1);
        await world.PassAsync(TimeSpan.FromSeconds(1));
        Assert.DoesNotContain("LinkDown", one.Story);
        world.Network.Heal();
        one.SendTo(two, 2);
        await world.PassAsync(TimeSpan.FromSeconds(1));
        Assert.Equal([LinkDownCause.Lost, LinkDownCause.NobodyListens], one.Events.OfType<LinkDown>().Select(down => down.Cause));
    }

    [Fact]
    public async Task Latency_is_virtual_and_keeps_the_order_of_a_lane()
    {
        var (time, actions, dice) = (new VirtualTime(), new Queue<Action>(), new Random(3));
        var network = new LoopbackNetwork(time, actions.Enqueue, (_, _) => TimeSpan.FromMilliseconds(dice.Next(1, 20)));
        var (one, two) = (await NodeAsync(network, "n1", 1), await NodeAsync(network, "n2", 2));
        for (var i = 0; i < 100; i++)
        {
            one.SendTo(two, i);
        }

        for (var step = 0; step < 10_000 && two.Count < 100; step++)
        {
            if (actions.TryDequeue(out var action))
            {
                action();
            }
            else
            {
                time.Advance(time.NextDue!.Value);
            }
        }

        Assert.Equal(Enumerable.Range(0, 100), two.Numbers);
        Assert.True(time.GetTimestamp() >= TimeSpan.FromMilliseconds(2).Ticks);
    }

    private static async Task<TestNode> NodeAsync(LoopbackNetwork network, string name, int port)
    {
        var setup = new TransportWorld.NodeSetup(name);
        var node = new TestNode { Transport = network.Add(setup.LocalNode(new NodeAddress("sim", port)), setup.Options, new Random(1)) };
        node.Listen();
        await node.Transport.StartAsync();
        return node;
    }
}
