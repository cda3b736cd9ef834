using System.Text.Json;
using Cluster.Lab.Compose;
using Cluster.Lab.Targets;

namespace Cluster.Lab.Tests.Compose;

/// <summary>A node is recognised, and its addresses are found, from what the engine says of its container.</summary>
public class ComposeNodeTests
{
    private const string Container = """
        {
          "Id": "abc", "Name": "/deploy_n2_1", "State": { "Status": "exited", "Pid": 0, "Health": { "Status": "unhealthy" } },
          "Config": {
            "Image": "cluster-lab",
            "Env": ["CLUSTER_NODE=n2", "CLUSTER_NAME=prod", "CLUSTER_ADVERTISE=host2", "CLUSTER_PORT=4054", "CLUSTER_HTTP_PORT=8559", "CLUSTER_RESP_PORT=", "CLUSTER_ADMIN_TOKEN=a=b"],
            "Labels": { "com.docker.compose.service": "two" }
          },
          "HostConfig": { "PortBindings": { "8559/tcp": [{ "HostIp": "127.0.0.1", "HostPort": "18559" }], "6379/tcp": [{ "HostIp": "", "HostPort": "7000" }] } },
          "NetworkSettings": { "Networks": { "deploy_default": { "NetworkID": "net" } } }
        }
        """;

    [Fact]
    public void Addresses_are_those_that_the_host_sees_even_when_the_container_has_ended()
    {
        var node = ComposeNode.Read(Parse(Container))!;
        Assert.Equal("n2", node.Node.Name);
        Assert.Equal("deploy_n2_1", node.Container);
        Assert.Equal("prod", node.Cluster);
        Assert.Equal("host2:4054", node.Node.Remoting);
        Assert.Equal("http://127.0.0.1:18559", node.Node.Http);
        Assert.Equal("127.0.0.1:7000", node.Node.Resp);
        Assert.Equal("a=b", node.AdminToken);
        Assert.Equal(["two", "host2"], node.Aliases);
    }

    [Fact]
    public void A_container_that_is_no_node_is_passed_over() => Assert.Null(ComposeNode.Read(Parse(Container.Replace("CLUSTER_NODE=n2", "X=1", StringComparison.Ordinal))));

    [Fact]
    public void A_node_whose_ports_are_not_published_is_named_with_the_way_out()
    {
        var refused = Assert.Throws<LabException>(() => ComposeNode.Read(Parse(Container.Replace("8559/tcp", "9/tcp", StringComparison.Ordinal))));
        Assert.Contains("port 8559 of container deploy_n2_1 is not published", refused.Message, StringComparison.Ordinal);
        Assert.Contains("run --rm client", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("running", ProcessState.Running)]
    [InlineData("paused", ProcessState.Paused)]
    [InlineData("created", ProcessState.Dead)]
    [InlineData("restarting", ProcessState.Dead)]
    [InlineData("exited", ProcessState.Dead)]
    public void The_engines_states_are_the_consoles(string status, ProcessState expected) => Assert.Equal(expected, ComposeNode.StateOf(new ContainerState(status, 1)));

    private static ContainerDetails Parse(string json) => JsonSerializer.Deserialize(json, DockerJson.Default.ContainerDetails)!;
}
