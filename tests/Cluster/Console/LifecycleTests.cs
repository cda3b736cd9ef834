using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Cluster.Cluster.Tests.Harness;
using Cluster.Lab.Processes;
using Cluster.Lab.Targets;

namespace Cluster.Cluster.Tests.Console;

/// <summary>The verbs as a person types them, on real nodes.</summary>
public sealed class LifecycleTests : IAsyncLifetime
{
    private readonly string directory = TestCluster.NewDirectory();
    private readonly string offset = FreePorts.FindOffset(3, TestCluster.FirstOffset(40)).ToString(CultureInfo.InvariantCulture);

    public ValueTask InitializeAsync() => default;

    public async ValueTask DisposeAsync()
    {
        if (new LabDirectory(directory).HasCluster)
        {
            await LocalCluster.Open(directory, TimeProvider.System).AbandonAsync(keepData: false);
        }

        if (Directory.Exists(directory))
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [Fact]
    public async Task Up_break_restart_down_works_and_status_is_right_at_each_step()
    {
        Assert.Contains("redis-cli -p", (await LabAsync("up", "--port-offset", offset)).Expect(0).Output, StringComparison.Ordinal);
        Assert.Equal(["running", "running", "running"], await ProcessesAsync());
        Assert.Contains("up already", (await LabAsync("up", "--port-offset", offset)).Expect(1).Error, StringComparison.Ordinal);

        Assert.Contains("balanced", (await LabAsync("cluster", "rebalance")).Expect(0).Output, StringComparison.Ordinal);
        Assert.Contains("n3 is up", (await LabAsync("cluster", "events", "--last", "10000")).Expect(0).Output, StringComparison.Ordinal);

        (await LabAsync("kill", "n2")).Expect(0);
        Assert.Equal(["running", "dead", "running"], await ProcessesAsync());
        Assert.Contains("lab restart n2", (await LabAsync("cluster", "doctor")).Expect(1).Output, StringComparison.Ordinal);
        Assert.Contains("lab restart n2", (await LabAsync("kill", "n2")).Expect(1).Error, StringComparison.Ordinal);
        (await LabAsync("restart")).Expect(0);
        Assert.Equal(["running", "running", "running"], await ProcessesAsync());

        (await LabAsync("pause", "n3")).Expect(0);
        Assert.Equal(["running", "running", "paused"], await ProcessesAsync());
        (await LabAsync("cluster", "show", "--all-views")).Expect(0);
        (await LabAsync("resume", "n3")).Expect(0);
        Assert.Contains("did you mean 'n3'?", (await LabAsync("pause", "n33")).Expect(64).Error, StringComparison.Ordinal);

        var pids = LocalCluster.Open(directory, TimeProvider.System).Nodes.Select(node => new NodeProcess(node.Pid, Path.Combine(directory, node.Name))).ToList();
        (await LabAsync("down")).Expect(0);
        Assert.All(pids, process => Assert.Equal(ProcessState.Dead, process.State));
        Assert.False(Directory.Exists(directory));
    }

    [Fact]
    public async Task Links_are_cut_shown_and_healed()
    {
        (await LabAsync("up", "--port-offset", offset)).Expect(0);

        (await LabAsync("partition", "n1,n2", "/", "n3")).Expect(0);
        (await LabAsync("link", "n1", "n2", "--delay", "5ms", "--one-way")).Expect(0);
        var status = await StatusAsync();
        Assert.Equal(5, status.GetProperty("faults").GetArrayLength());
        Assert.Contains("slash", (await LabAsync("partition", "n1,n2")).Expect(64).Error, StringComparison.Ordinal);
        (await LabAsync("heal")).Expect(0);

        Assert.Equal(0, (await StatusAsync()).GetProperty("faults").GetArrayLength());
    }

    [Fact]
    public async Task A_node_that_stops_leaves_in_order_and_can_join_again()
    {
        (await LabAsync("up", "--port-offset", offset)).Expect(0);

        Assert.Contains("n3 has left", (await LabAsync("stop", "n3")).Expect(0).Output, StringComparison.Ordinal);
        Assert.Equal([("n1", "up"), ("n2", "up"), ("n3", null)], await MembersAsync());
        (await LabAsync("restart", "n3")).Expect(0);

        Assert.Equal([("n1", "up"), ("n2", "up"), ("n3", "up")], await MembersAsync());
    }

    [Fact]
    public async Task One_node_grows_to_three_and_then_goes_on_without_the_first()
    {
        (await LabAsync("up", "--nodes", "1", "--port-offset", offset)).Expect(0);
        Assert.Contains("only member", (await LabAsync("stop", "n1")).Expect(1).Error, StringComparison.Ordinal);

        Assert.Contains("each shard has 2 replicas", (await LabAsync("add")).Expect(0).Output, StringComparison.Ordinal);
        Assert.Contains("the name n2 is taken", (await LabAsync("add", "n2")).Expect(1).Error, StringComparison.Ordinal);
        Assert.Contains("zebra is up and votes in 32 of 32 shards", (await LabAsync("add", "zebra")).Expect(0).Output, StringComparison.Ordinal);
        Assert.Equal(["n1", "n2", "zebra"], LocalCluster.Open(directory, TimeProvider.System).NodeNames);

        // The only seed that the others were started with: when it comes back it must find them, not form a cluster of its own.
        (await LabAsync("stop", "n1")).Expect(0);
        Assert.Contains("already", (await LabAsync("stop", "n1")).Expect(1).Error, StringComparison.Ordinal);
        (await LabAsync("restart", "n1")).Expect(0);
        Assert.Equal([("n1", "up"), ("n2", "up"), ("zebra", "up")], await MembersAsync());
    }

    [Fact]
    public async Task A_node_that_was_declared_down_comes_back_only_as_a_new_member()
    {
        (await LabAsync("up", "--port-offset", offset)).Expect(0);
        (await LabAsync("kill", "n3")).Expect(0);

        (await LabAsync("cluster", "down", "n3")).Expect(0);
        // Refused as a member that is down, or, once it is removed, by the first handshake: both say what it takes.
        Assert.Matches("on an empty (one|data directory)", (await LabAsync("restart", "n3")).Expect(1).Error);
        (await LabAsync("restart", "n3", "--fresh")).Expect(0);

        Assert.Equal([("n1", "up"), ("n2", "up"), ("n3", "up")], await MembersAsync());
    }

    [Fact]
    public async Task A_port_in_use_is_named_and_nothing_is_left_behind()
    {
        using var squatter = new TcpListener(IPAddress.Loopback, 8559 + int.Parse(offset, CultureInfo.InvariantCulture));
        squatter.Start();

        var error = (await LabAsync("up", "--port-offset", offset)).Expect(1).Error;

        Assert.Contains($"port {((IPEndPoint)squatter.LocalEndpoint).Port} is in use by process {Environment.ProcessId}", error, StringComparison.Ordinal);
        Assert.Contains("--port-offset", error, StringComparison.Ordinal);
        Assert.False(new LabDirectory(directory).HasCluster);
    }

    private Task<ConsoleProcess> LabAsync(params string[] arguments) => ConsoleProcess.LabAsync(directory, arguments);

    private async Task<JsonElement> StatusAsync()
    {
        var json = (await LabAsync("status", "-o", "json")).Expect(0).Output;
        return JsonDocument.Parse(json).RootElement;
    }

    private async Task<IEnumerable<(string?, string?)>> MembersAsync() => (await StatusAsync()).GetProperty("members").EnumerateArray()
        .Select(member => (member.GetProperty("name").GetString(), member.GetProperty("status").GetString())).ToList();

    private async Task<IEnumerable<string?>> ProcessesAsync() =>
        (await StatusAsync()).GetProperty("members").EnumerateArray().Select(member => member.GetProperty("process").GetString()).ToList();
}
