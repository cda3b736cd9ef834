using Cluster.Engine.Remoting;
using Cluster.Shared.Wire;

namespace Cluster.Engine.Tests.Remoting;

public abstract partial class TransportCompliance
{
    [Fact]
    public async Task Another_cluster_is_refused_by_name()
    {
        await using var world = NewWorld();
        await AssertRefusedAsync(world, await world.AddAsync("n1"), new TransportWorld.NodeSetup("n2") { Cluster = "other" }, "cluster 'other'", "'lab'");
    }

    [Fact]
    public async Task An_old_incarnation_is_refused()
    {
        await using var world = NewWorld();
        var (one, two) = (await world.AddAsync("n1"), await world.AddAsync("n2", incarnation: 5));
        await world.LinkAsync(two, one);
        await world.KillAsync(two);
        await AssertRefusedAsync(world, one, new TransportWorld.NodeSetup("n2") { Incarnation = 4 }, "incarnation 4 is over", "5 is known");
    }

    [Fact]
    public async Task A_newer_incarnation_replaces_the_older_one_at_once()
    {
        await using var world = NewWorld();
        var (one, two) = (await world.AddAsync("n1"), await world.AddAsync("n2"));
        await world.LinkAsync(two, one);
        // Its old life still runs, elsewhere: as a process that is paused does.
        var again = await world.AddAsync("n2", incarnation: 2);
        await world.LinkAsync(again, one);
        await world.UntilAsync(() => !one.IsLinkedTo(two.Address), "the older life's link is down");
        var replaced = Assert.Single(one.Events.OfType<LinkDown>());
        Assert.Equal((two.Address, LinkDownCause.Replaced), (replaced.Address, replaced.Cause));
        await world.UntilAsync(() => two.Events.OfType<HandshakeRefused>().Any(refused => refused.ByPeer), "the older life is refused when it comes back");
    }

    [Fact]
    public async Task The_same_name_under_another_uid_is_refused()
    {
        await using var world = NewWorld();
        var (one, two) = (await world.AddAsync("n1"), await world.AddAsync("n2"));
        await world.LinkAsync(two, one);
        await AssertRefusedAsync(world, one, new TransportWorld.NodeSetup("n2") { Incarnation = 9, Uid = new Guid(9, 0, 0, new byte[8]) }, "another uid", two.Address.ToString());
        Assert.True(one.IsLinkedTo(two.Address));
    }

    [Fact]
    public async Task A_name_is_free_again_once_its_node_is_forgotten()
    {
        await using var world = NewWorld();
        var (one, two) = (await world.AddAsync("n1"), await world.AddAsync("n2"));
        await world.LinkAsync(two, one);
        await world.KillAsync(two);
        one.Transport.Forget(two.Address);
        var other = await world.AddAsync(new TransportWorld.NodeSetup("n2") { Uid = new Guid(9, 0, 0, new byte[8]) });
        await world.LinkAsync(other, one);
    }

    [Fact]
    public async Task A_copy_of_a_nodes_data_directory_is_refused()
    {
        await using var world = NewWorld();
        var uid = new Guid(3, 0, 0, new byte[8]);
        var one = await world.AddAsync(new TransportWorld.NodeSetup("n1") { Uid = uid });
        await AssertRefusedAsync(world, one, new TransportWorld.NodeSetup("n2") { Uid = uid, Incarnation = 2 }, "copy of this node's data directory", "uid");
    }

    [Fact]
    public async Task The_policy_has_the_last_word()
    {
        await using var world = NewWorld();
        var one = await world.AddAsync(new TransportWorld.NodeSetup("n1") { Policy = new Removed("n2") });
        await AssertRefusedAsync(world, one, new TransportWorld.NodeSetup("n2"), "n2 was removed", "n1");
        var three = await world.AddAsync("n3");
        await world.LinkAsync(three, one);
    }

    [Fact]
    public async Task A_dialler_may_refuse_too_and_the_other_side_hears_why()
    {
        await using var world = NewWorld();
        var two = await world.AddAsync("n2");
        var one = await world.AddAsync(new TransportWorld.NodeSetup("n1") { Policy = new Removed("n2") });
        one.Transport.Connect(two.Address);
        await world.UntilAsync(() => two.Events.OfType<HandshakeRefused>().Any() && one.Events.OfType<HandshakeRefused>().Any(), "both hear of it");
        Assert.True(two.Events.OfType<HandshakeRefused>().First().ByPeer);
        Assert.Contains("n2 was removed", two.Events.OfType<HandshakeRefused>().First().Reason, StringComparison.Ordinal);
        Assert.DoesNotContain("LinkUp", one.Story.Concat(two.Story));
    }

    [Fact]
    public async Task A_name_is_free_for_another_uid_once_membership_says_so()
    {
        await using var world = NewWorld();
        var policy = new Removed("nobody");
        var one = await world.AddAsync(new TransportWorld.NodeSetup("n1") { Policy = policy });
        var first = await world.AddAsync(new TransportWorld.NodeSetup("n2") { Uid = new Guid(21, 0, 0, new byte[8]) });
        await world.LinkAsync(first, one);
        await AssertRefusedAsync(world, one, new TransportWorld.NodeSetup("n2") { Uid = new Guid(22, 0, 0, new byte[8]) }, "another uid");

        policy.Freed = true;
        var second = await world.AddAsync(new TransportWorld.NodeSetup("n2") { Uid = new Guid(23, 0, 0, new byte[8]) });
        await world.LinkAsync(second, one);
    }

    private static async Task AssertRefusedAsync(TransportWorld world, TestNode one, TransportWorld.NodeSetup setup, params string[] said)
    {
        var two = await world.AddAsync(setup);
        two.Transport.Connect(one.Address);
        await world.UntilAsync(
            () => two.Events.OfType<HandshakeRefused>().Any(refused => refused.ByPeer) && one.Events.OfType<HandshakeRefused>().Any(refused => !refused.ByPeer),
            "both sides hear of the refusal");
        var reason = two.Events.OfType<HandshakeRefused>().First().Reason;
        Assert.Equal(reason, one.Events.OfType<HandshakeRefused>().First(refused => !refused.ByPeer).Reason);
        Assert.All([.. said, "n1", one.Address.ToString(), two.Address.ToString()], part => Assert.Contains(part, reason, StringComparison.Ordinal));
        Assert.Empty(two.Events.OfType<LinkUp>());
        await world.UntilAsync(() => two.Events.OfType<LinkDown>().Any(down => down.Cause == LinkDownCause.Refused), "the link is down because of it");
    }

    private sealed class Removed(string name) : IHandshakePolicy
    {
        public string? Judge(Hello hello) => hello.Name == name ? $"{name} was removed" : null;

        public bool Freed { get; set; }

        public bool HoldsItsName(PeerIdentity known) => !Freed;
    }
}
