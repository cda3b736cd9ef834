using Cluster.Shared.Ids;

namespace Cluster.Engine.Tests.ControlPlane;

/// <summary>Every way in which a few starting nodes can go, explored state by state until no new one is found.</summary>
public class BootstrapExplorationTests
{
    private static readonly NodeAddress A = BootstrapWorld.Address(0);
    private static readonly NodeAddress B = BootstrapWorld.Address(1);
    private static readonly NodeAddress C = BootstrapWorld.Address(2);

    /// <summary>
    /// Safety in every state; and from every so many of them, with nobody crashing any more, the way to one cluster of all three: none is ever stuck.
    /// </summary>
    [Fact]
    public void Three_seeds_become_one_cluster_and_never_two_whatever_the_delays_losses_and_a_crash()
    {
        var worlds = 0;
        var states = Explore(new BootstrapWorld([[A, B, C], [A, B, C], [A, B, C]], crashes: 1), world =>
        {
            Assert.True(world.ClustersFormed <= 1, "two clusters were formed");
            Assert.False(world.AnyRefused, "a node was refused");
            if (worlds++ % 50 == 0)
            {
                Assert.True(RunFairly(world.Copy()), $"stuck: {world.Fingerprint()}");
            }

            return true;
        });

        Assert.True(states > 100_000, $"only {states} states were explored");
    }

    [Theory]
    [InlineData("ABC", "BAC", "ABC")]
    [InlineData("ABC", "BAC", "BAC")]
    [InlineData("ABC", "BAC", "CAB")]
    [InlineData("ABC", "BC", "ABC")]
    [InlineData("ABC", "BC", "BC")]
    [InlineData("AB", "BA", "ABC")]
    public void Seed_lists_that_differ_never_form_two_clusters_either(string first, string second, string third)
    {
        Explore(new BootstrapWorld([List(first), List(second), List(third)], crashes: 0), world =>
        {
            Assert.True(world.ClustersFormed <= 1, "two clusters were formed");
            return true;
        });
    }

    /// <summary>The stated limit of the guarantee; and proof that the exploration would see a second cluster if there was one.</summary>
    [Fact]
    public void Only_a_wiped_disk_can_lead_to_a_second_cluster()
    {
        var most = 0;
        Explore(new BootstrapWorld([[A, B, C], [A, B, C], [A, B, C]], crashes: 1), world => (most = Math.Max(most, world.ClustersFormed)) < 2, wiped: true);

        Assert.Equal(2, most);
    }

    /// <summary>Visits every state once, until there is no new one or the visitor has seen enough.</summary>
    private static int Explore(BootstrapWorld start, Func<BootstrapWorld, bool> visit, bool wiped = false)
    {
        var seen = new HashSet<string> { start.Fingerprint() };
        var open = new Stack<BootstrapWorld>([start]);
        while (open.TryPop(out var world) && visit(world))
        {
            foreach (var choice in world.Choices(withCrashes: true, wiped))
            {
                var next = world.Copy();
                choice(next);
                if (seen.Add(next.Fingerprint()))
                {
                    open.Push(next);
                }
            }
        }

        return seen.Count;
    }

    /// <summary>The first thing that can happen happens, messages before time, until all are members; false when they are not after a while.</summary>
    private static bool RunFairly(BootstrapWorld world)
    {
        for (var step = 0; step < 400; step++)
        {
            if (world.AllAreMembersOfOne)
            {
                return true;
            }

            var choices = world.Choices(withCrashes: false);
            choices[step % 7 == 0 ? choices.Count - 1 - (step / 7 % choices.Count) : 0](world);
        }

        return false;
    }

    private static NodeAddress[] List(string names) => [.. names.Select(name => BootstrapWorld.Address(name - 'A'))];
}
