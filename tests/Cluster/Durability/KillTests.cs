using Cluster.Cluster.Tests.Harness;

namespace Cluster.Cluster.Tests.Durability;

/// <summary>SIGKILL under load: nothing acknowledged is lost, and no answer contradicts another.</summary>
[Collection(OneClusterGroup.Name)]
public class KillTests(OneCluster one)
{
    [Theory]
    [InlineData("n1")]
    [InlineData("n2")]
    [InlineData("n3")]
    public async Task A_killed_node_loses_nothing_acknowledged(string victim)
    {
        await using var cluster = await one.WholeAsync();
        await using var load = new RecordedLoad(cluster);
        await load.ServeAsync(500);

        await cluster.KillAsync(victim);
        load.Note("kill", victim);
        await load.ServeAsync(500);
        await cluster.RestartAsync(victim);
        load.Note("restart", victim);
        await load.ServeAsync(300);

        var history = await load.JudgeAsync();
        Assert.Contains(history.Faults, fault => fault.Fault == "kill");
    }

    [Fact]
    public async Task All_nodes_killed_at_once_keep_every_acknowledged_key()
    {
        await using var cluster = await one.WholeAsync();
        await using var load = new RecordedLoad(cluster);
        await load.ServeAsync(800);

        await cluster.KillAsync("n1", "n2", "n3");
        load.Note("kill", "n1,n2,n3");
        await cluster.RestartAsync("n1", "n2", "n3");
        load.Note("restart", "n1,n2,n3");
        await load.ServeAsync(300);

        await load.JudgeAsync();
    }

    [Fact]
    public async Task A_paused_leader_that_wakes_contradicts_nobody()
    {
        await using var cluster = await one.WholeAsync();
        await using var load = new RecordedLoad(cluster);
        await load.ServeAsync(500);

        Assert.True(cluster.Nodes.Process("n1").Pause());
        load.Note("pause", "n1");
        await load.ServeAsync(500);
        Assert.True(cluster.Nodes.Process("n1").Resume());
        load.Note("resume", "n1");
        await load.ServeAsync(500);

        await load.JudgeAsync();
    }
}
