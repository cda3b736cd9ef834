using Cluster.Lab.Processes;

namespace Cluster.Lab.Tests.Processes;

public class LaunchPlanTests
{
    [Fact]
    public void Ports_are_those_of_the_contract()
    {
        var node = new LaunchPlan("lab").Describe(1, 17);

        Assert.Equal(("n1", 17, "127.0.0.1:4053", "http://127.0.0.1:8558", "127.0.0.1:6379"), (node.Name, node.Pid, node.Remoting, node.Http, node.Resp));
    }

    [Fact]
    public void An_offset_shifts_every_port() => Assert.Equal([4155, 8660, 6481], new LaunchPlan("lab", PortOffset: 100).PortsOf(3));

    [Fact]
    public void Nodes_redirect_only_when_asked_for()
    {
        Assert.Contains("--redirect", Arguments(new LaunchPlan("lab", Redirect: true)));
        Assert.DoesNotContain("--redirect", Arguments(new LaunchPlan("lab")));

        static IReadOnlyList<string> Arguments(LaunchPlan plan) => plan.Arguments(plan.Describe(1, 17), "dir");
    }

    [Fact]
    public void More_arguments_go_to_every_node_and_are_kept_for_restarts()
    {
        var path = Directory.CreateTempSubdirectory("cluster-plan-").FullName;
        var directory = new LabDirectory(path);
        directory.WritePlan(new LaunchPlan("lab", NodeArguments: ["--flaw", "no-fsync"]));
        var plan = directory.ReadPlan();
        Directory.Delete(path, recursive: true);

        Assert.All(new[] { 1, 2, 3 }, number => Assert.Equal(["--flaw", "no-fsync"], plan.Arguments(plan.Describe(number, 17), "dir").TakeLast(2)));
    }

    [Fact]
    public void The_first_three_nodes_are_the_seeds() => Assert.Equal(["127.0.0.1:4053", "127.0.0.1:4054", "127.0.0.1:4055"], new LaunchPlan("lab", Nodes: 5).Seeds);
}
