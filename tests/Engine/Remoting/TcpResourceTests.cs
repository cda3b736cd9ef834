using Cluster.Engine.Remoting;

namespace Cluster.Engine.Tests.Remoting;

/// <summary>Counts what the whole process holds, so no other test may run beside it.</summary>
[Collection(nameof(TcpResourceTests))]
public sealed class TcpResourceTests
{
    [Fact]
    public async Task Disposed_transports_leave_no_socket_behind()
    {
        await OneLifeAsync();
        var before = OpenSockets();
        for (var i = 0; i < 5; i++)
        {
            await OneLifeAsync();
        }

        Assert.InRange(OpenSockets() - before, int.MinValue, 4);

        static async Task OneLifeAsync()
        {
            await using var world = new TcpWorld();
            var (one, two, three) = (await world.AddAsync("n1"), await world.AddAsync("n2"), await world.AddAsync("n3"));
            var stranger = await world.AddAsync(new TransportWorld.NodeSetup("n4") { Cluster = "other" });
            stranger.Transport.Connect(one.Address);
            await world.UntilAsync(() => stranger.Events.OfType<HandshakeRefused>().Count() >= 5, "it has been refused often");
            foreach (var (from, to) in new[] { (one, two), (two, three), (three, one) })
            {
                from.SendTo(to, 1);
                from.SendTo(to, 2, Lane.Bulk);
            }

            await world.UntilAsync(() => one.Count == 2 && two.Count == 2 && three.Count == 2, "all have arrived");
        }

        static int OpenSockets() => Directory.GetFiles("/proc/self/fd").Count(fd => File.ResolveLinkTarget(fd, false)?.Name.StartsWith("socket:", StringComparison.Ordinal) == true);
    }
}

[CollectionDefinition(nameof(TcpResourceTests), DisableParallelization = true)]
public sealed class TcpResourceTestsRunAlone;
