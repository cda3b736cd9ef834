using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Cluster.Cluster.Tests.Harness;

namespace Cluster.Cluster.Tests.Console;

/// <summary><c>lab bench</c> on real nodes, and what it says to a user who cannot be served. How fast anything is, is not asked here.</summary>
[Collection(OneClusterGroup.Name)]
public sealed class BenchTests(OneCluster one)
{
    [Fact]
    public async Task The_running_cluster_is_measured_with_its_processes_and_told_as_JSON()
    {
        await using var cluster = await one.WholeAsync();

        var run = await ConsoleProcess.LabAsync(cluster.Nodes.Directory.Path, "bench", "--seconds", "1", "--warmup", "0", "--keys", "50", "--clients", "6", "-o", "json");

        var target = JsonDocument.Parse(run.Expect(0).Output).RootElement.GetProperty("targets")[0];
        Assert.Equal(["n1", "n2", "n3"], target.GetProperty("processes").EnumerateArray().Select(process => process.GetProperty("name").GetString()));
        Assert.Equal(3, target.GetProperty("resp").GetArrayLength());
        var (reads, writes) = (target.GetProperty("reads").GetProperty("count").GetInt64(), target.GetProperty("writes").GetProperty("count").GetInt64());
        Assert.True(reads > 0 && writes > 0, run.Output);
        Assert.Equal(target.GetProperty("answered").GetInt64() + target.GetProperty("unanswered").GetInt64(), reads + writes);
        Assert.Equal(target.GetProperty("all").GetProperty("count").GetInt64(), reads + writes);
    }

    [Theory]
    [InlineData("write host:port", "--resp", "127.0.0.1")]
    [InlineData("not one of set, get, mixed, incr, mset, ping", "--workload", "fast")]
    [InlineData("--read-share belongs to --workload mixed", "--resp", "127.0.0.1:1", "--workload", "set", "--read-share", "10%")]
    [InlineData("is not a rate", "--rate", "0")]
    [InlineData("--clients is 0", "--clients", "0")]
    public async Task What_is_not_understood_is_explained(string complaint, params string[] arguments)
    {
        Assert.Contains(complaint, (await ConsoleProcess.LabAsync(Path.GetTempPath(), ["bench", .. arguments])).Expect(64).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_nobody_listens_it_says_so_and_fails()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();

        var run = await ConsoleProcess.LabAsync(Path.GetTempPath(), "bench", "--resp", $"127.0.0.1:{port}");

        Assert.Contains($"no connection to 127.0.0.1:{port}: Connection refused", run.Expect(1).Error, StringComparison.Ordinal);
    }
}
