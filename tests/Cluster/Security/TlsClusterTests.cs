using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Cluster.Cluster.Tests.Harness;
using Cluster.Lab.Certificates;
using Cluster.Lab.Processes;
using Cluster.Shared.Ids;

namespace Cluster.Cluster.Tests.Security;

/// <summary>Three node processes under mutual TLS: who has no valid certificate stays out, is told why, and the cluster goes on.</summary>
public sealed class TlsClusterTests
{
    /// <summary>A node process starts in about a second; on a busy machine in many.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_node_without_a_valid_certificate_cannot_join()
    {
        await using var cluster = await TestCluster.StartAsync(tls: true);
        var directory = cluster.Nodes.Directory;
        var (address, ca) = (NodeAddress.Parse(cluster.Nodes.Nodes[0].Resp), directory.Certificates.AuthorityFile);
        Assert.Equal("OK", await RedisAsync(address, ca, "set", "greeting", "hello"));

        var own = directory.Certificates;
        var expired = new LabCertificates(Path.Combine(directory.Path, "expired"), new EarlierClock(TimeSpan.FromDays(60)));
        var stranger = new LabCertificates(Path.Combine(directory.Path, "stranger"), TimeProvider.System);
        expired.Make("test", ["n4"], [], TimeSpan.FromDays(30));
        stranger.Make("test", ["n4"], [], TimeSpan.FromDays(30));

        await RefusedAsync(cluster, "without certificates", [], "it speaks plaintext, and this node requires TLS: start it with --tls-cert");
        await RefusedAsync(cluster, "with an expired certificate", Tls(expired, "n4", expired), "it expired on");
        await RefusedAsync(cluster, "with another authority's", Tls(stranger, "n4", own), "which is none of this cluster's authorities");
        await RefusedAsync(cluster, "trusting another authority", Tls(stranger, "n4", stranger), "which is none of this cluster's authorities");
        await RefusedAsync(cluster, "with another node's", Tls(own, "n2", own), "is that of cluster://test/node/n2, but this is cluster://test/node/n4");

        Assert.Contains("speaks plaintext", await File.ReadAllTextAsync(directory.LogOf("n1")), StringComparison.Ordinal);
        Assert.Equal(3, (await cluster.ViewAsync("n1")).Members.Count);
        Assert.Equal("hello", await RedisAsync(address, ca, "get", "greeting"));
        await using var client = await cluster.ConnectAsync("n2");
        Assert.Equal("hello", (await client.SendAsync(TestContext.Current.CancellationToken, "GET", "greeting")).Text);
    }

    private static string[] Tls(LabCertificates holder, string name, LabCertificates trusted) =>
        ["--tls-cert", holder.CertificateFile(name), "--tls-key", holder.KeyFile(name), "--tls-ca", trusted.AuthorityFile];

    private static async Task<string> RedisAsync(NodeAddress to, string ca, params string[] command) =>
        (await ConsoleProcess.RunAsync("redis-cli", ["-h", to.Host, "-p", to.Port.ToString(CultureInfo.InvariantCulture), "--tls", "--cacert", ca, .. command])).Expect(0).Output.Trim();

    /// <summary>Starts a fourth node, waits until it says why it is not let in, and ends it if it still tries.</summary>
    private static async Task RefusedAsync(TestCluster cluster, string how, string[] tls, string said)
    {
        var data = Directory.CreateTempSubdirectory("cluster-test-").FullName;
        var plan = new LaunchPlan("test", 1, FreePorts.FindOffset(1, TestCluster.FirstOffset(77)));
        var ports = plan.PortsOf(1).Select(port => port.ToString(CultureInfo.InvariantCulture)).ToArray();
        string[] arguments =
        [
            ProgramBinary.FindNode().DllPath, "--name", "n4", "--cluster", "test", "--port", ports[0], "--http-port", ports[1], "--resp-port", ports[2],
            "--seeds", cluster.Nodes.Nodes[0].Remoting, "--data", Path.Combine(data, "n4"), .. tls,
        ];
        var lines = new ConcurrentQueue<string>();
        using var process = new Process { StartInfo = new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true, RedirectStandardError = true } };
        process.OutputDataReceived += (_, line) => lines.Enqueue(line.Data ?? "");
        process.ErrorDataReceived += (_, line) => lines.Enqueue(line.Data ?? "");
        process.Start();
        try
        {
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
            await Eventually.GetAsync(Deadline, $"a node {how} is told '{said}'", () => Task.FromResult(string.Join('\n', lines)), text => text.Contains(said, StringComparison.Ordinal));
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync();
            Directory.Delete(data, recursive: true);
        }
    }

    private sealed class EarlierClock(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() - by;
    }
}
