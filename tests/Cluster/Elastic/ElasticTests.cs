using Cluster.Client.Elastic;
using Cluster.Cluster.Tests.Harness;
using Cluster.Lab.Histories;
using Cluster.Lab.Targets;

namespace Cluster.Cluster.Tests.Elastic;

/// <summary>Nodes that go in good order cost no client a request: those that leave the cluster, and those whose process is only told to end.</summary>
[Collection(OneClusterGroup.Name)]
public sealed class ElasticTests(OneCluster one)
{
    [Fact]
    public async Task Nodes_leave_and_join_under_load_without_a_failed_request()
    {
        await using var cluster = await TestCluster.StartAsync(nodes: 4);
        using var recorded = new MemoryStream();
        using var history = new HistoryWriter(recorded);
        var plan = ElasticPlan.For(cluster.Nodes.NodeNames, rounds: 2) with { OperationsBetween = 100 };

        var finding = await new ElasticRun(cluster.Nodes, plan, history, TimeProvider.System).RunAsync(static _ => { }, TestContext.Current.CancellationToken);

        Assert.Null(finding.Doubt);
        Assert.Equal(["n1", "n2"], finding.Rounds.Select(round => round.Node));
        Assert.All(finding.Rounds, round => Assert.Equal(6, round.Votes)); // 8 shards with 3 replicas on 4 nodes.
        Assert.Equal((0, 0), (finding.Staying.Refused, finding.Staying.Unknown));
        Assert.Equal((0, 0), (finding.Moving.Refused, finding.Moving.Unknown));
        history.Dispose();
        Assert.Equal(["leave", "left", "join", "joined", "leave", "left", "join", "joined"], RecordedLoad.Judge(recorded).Faults.Select(fault => fault.Fault));
    }

    [Theory]
    [InlineData("n1")]
    [InlineData("n2")]
    public async Task A_node_that_is_told_to_end_hands_over_first_and_comes_back_as_the_member_that_it_was(string name)
    {
        await using var cluster = await one.WholeAsync();
        await using var load = new RecordedLoad(cluster, [.. cluster.Nodes.NodeNames.Where(other => other != name)]);
        await load.ServeAsync(300);

        await cluster.Nodes.TerminateAsync(name, TestContext.Current.CancellationToken);
        load.Note("terminate", name);
        Assert.Contains(cluster.Nodes.Directory.LastLogLines(name, 20), line => line.Contains("it leads nothing any more", StringComparison.Ordinal));
        await load.ServeAsync(300);
        Assert.Equal(ProcessState.Dead, cluster.Nodes.Process(name).State);
        Assert.Equal("up", (await cluster.ViewAsync(cluster.Nodes.NodeNames.First(other => other != name))).Members.Single(member => member.Name == name).Status);
        await cluster.RestartAsync(name);
        load.Note("restart", name);
        await load.ServeAsync(300);

        await load.JudgeAsync();
        Assert.Equal((0, 0), (load.Progress.Refused, load.Progress.Unknown));
    }
}
