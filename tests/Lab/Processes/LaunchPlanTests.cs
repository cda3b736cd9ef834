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
    public void Each_cluster_of_several_has_its_own_name_and_seeds_and_knows_the_contacts_of_the_others()
    {
        var plan = new LaunchPlan("lab", Nodes: 6, Clusters: 2);
        var arguments = plan.Arguments(plan.Describe(5, 17), "dir");

        Assert.Equal("west", arguments[arguments.ToList().IndexOf("--cluster") + 1]);
        Assert.Equal("127.0.0.1:4056,127.0.0.1:4057,127.0.0.1:4058", arguments[arguments.ToList().IndexOf("--seeds") + 1]);
        Assert.Equal("east=127.0.0.1:4053,127.0.0.1:4054,127.0.0.1:4055", arguments[arguments.ToList().IndexOf("--federate") + 1]);
        Assert.DoesNotContain("--federate", new LaunchPlan("lab").Arguments(new LaunchPlan("lab").Describe(1, 17), "dir"));
    }

    [Fact]
    public void The_first_three_nodes_are_the_seeds()
    {
        var plan = new LaunchPlan("lab", Nodes: 5);

        Assert.Equal(["127.0.0.1:4053", "127.0.0.1:4054", "127.0.0.1:4055"], plan.SeedsOf(plan.Describe(4, 17)));
    }
}
