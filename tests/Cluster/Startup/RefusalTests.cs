using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Cluster.Cluster.Tests.Harness;
using Cluster.Lab.Processes;
using Cluster.Lab.Targets;

namespace Cluster.Cluster.Tests.Startup;

/// <summary>The node program refuses what cannot work: it ends with a code that says what kind of thing it was, and one line that says what and where.</summary>
[Collection(OneClusterGroup.Name)]
public sealed class RefusalTests(OneCluster one) : IDisposable
{
    private readonly string directory = TestCluster.NewDirectory();
    private readonly LaunchPlan plan = new("test", 3, FreePorts.FindOffset(3, TestCluster.FirstOffset(120)));

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public async Task An_unknown_option_is_named()
    {
        var result = (await NodeAsync([.. Arguments(1), "--fsync", "never"])).Expect(64);

        Assert.Contains("--fsync", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, "--port")]
    [InlineData(1, "--http-port")]
    [InlineData(2, "--resp-port")]
    public async Task A_port_in_use_is_named_with_the_option_that_changes_it(int which, string option)
    {
        var port = plan.PortsOf(1).ElementAt(which);
        using var squatter = new TcpListener(IPAddress.Loopback, port);
        squatter.Start();

        var result = (await NodeAsync(Arguments(1))).Expect(69);

        Assert.Contains(port.ToString(CultureInfo.InvariantCulture), result.Error, StringComparison.Ordinal);
        Assert.Contains(option, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_process_on_one_data_directory_is_refused()
    {
        await using var cluster = await one.WholeAsync();
        var data = cluster.Nodes.Directory.DataOf("n1");

        var result = await NodeAsync(["--name", "n1", "--cluster", "test", .. Ports(2), "--seeds", plan.SeedsOf(plan.Describe(1, 0))[0], "--data", data]);

        result.Expect(78);
        Assert.Contains(data, result.Error, StringComparison.Ordinal);
        Assert.Equal(ProcessState.Running, cluster.Nodes.Process("n1").State);
    }

    [Fact]
    public async Task A_data_directory_of_another_node_is_refused()
    {
        await using var cluster = await one.WholeAsync();
        var data = cluster.Nodes.Directory.DataOf("n1");
        await cluster.KillAsync("n1");

        var result = await NodeAsync(["--name", "n7", "--cluster", "test", .. Ports(2), "--seeds", plan.SeedsOf(plan.Describe(1, 0))[0], "--data", data]);

        result.Expect(78);
        Assert.Contains("n1", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_of_another_cluster_is_refused_and_says_so()
    {
        await using var cluster = await one.WholeAsync();
        var seed = cluster.Nodes.Nodes[0].Remoting;

        var result = (await NodeAsync(["--name", "n7", "--cluster", "other", .. Ports(2), "--seeds", seed, "--data", Path.Combine(directory, "n7")])).Expect(70);

        Assert.Contains("it belongs to cluster 'other', this node to 'test'", result.Output + result.Error, StringComparison.Ordinal);
        Assert.Equal(3, (await cluster.ViewAsync("n1")).Members.Count);
    }

    private string[] Arguments(int number) =>
        ["--name", LaunchPlan.NodeName(number), "--cluster", "test", .. Ports(number), "--seeds", plan.SeedsOf(plan.Describe(1, 0))[0], "--data", Path.Combine(directory, LaunchPlan.NodeName(number))];

    private string[] Ports(int number)
    {
        var ports = plan.PortsOf(number).Select(port => port.ToString(CultureInfo.InvariantCulture)).ToArray();
        return ["--port", ports[0], "--http-port", ports[1], "--resp-port", ports[2]];
    }

    private static Task<ConsoleProcess> NodeAsync(IReadOnlyList<string> arguments) => ConsoleProcess.RunAsync("dotnet", [ProgramBinary.FindNode().DllPath, .. arguments]);
}
