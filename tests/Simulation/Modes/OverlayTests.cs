using Cluster.Modes.PeerToPeer;

namespace Cluster.Simulation.Tests.Modes;

/// <summary>Peers that wake at one time, each asking another one whom nobody has chosen, end in one overlay and not in two.</summary>
public class OverlayTests
{
    private const int Nodes = 5;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void Peers_that_wake_together_come_to_know_each_other(int seed)
    {
        var stage = new ModeStage(PeerToPeerMode.Mode, seed, Nodes);
        for (var node = 1; node <= Nodes; node++)
        {
            _ = stage.AskAsync(node, "peers");
        }

        stage.Cluster.RunUntil(
            () => Enumerable.Range(1, Nodes).All(node => stage.Ask(node, "peers").GetProperty("peers").EnumerateArray().Count(peer => peer.GetProperty("state").GetString() == "alive") == Nodes - 1),
            TimeSpan.FromSeconds(30),
            () => "five peers that know each other");

        stage.Ask(2, "put", ("key", "k"), ("value", "v"), ("copies", "3"));
        Assert.All(Enumerable.Range(1, Nodes), node => Assert.Equal("v", stage.Ask(node, "get", ("key", "k")).GetProperty("value").GetString()));
        var holders = stage.Ask(4, "where", ("key", "k")).GetProperty("replicas").EnumerateArray().Select(replica => replica.GetProperty("state").GetString());
        Assert.Equal(["current", "current", "current"], holders);
    }
}
