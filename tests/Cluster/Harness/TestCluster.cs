using System.Globalization;
using Cluster.Client.Nodes;
using Cluster.Lab;
using Cluster.Lab.Faults;
using Cluster.Lab.Processes;
using Cluster.Lab.Resp;
using Cluster.Shared.Http;

namespace Cluster.Cluster.Tests.Harness;

/// <summary>A cluster of real node processes in a temporary directory on free ports. Disposing kills what is left and deletes everything.</summary>
internal sealed class TestCluster : IAsyncDisposable
{
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(5);

    private int prefixes;

    private TestCluster(LocalCluster nodes) => Nodes = nodes;

    public LocalCluster Nodes { get; }

    /// <summary>Whether it is there for other tests, too: then the one that disposes it ends nothing.</summary>
    public bool IsShared { get; set; }

    public LinkFaultInjector Links => new(Nodes, RequestTimeout);

    public NodeFaultInjector Faults => new(Nodes, RequestTimeout);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<TestCluster> StartAsync(int nodes = 3, int? shards = 8, bool tls = false, bool redirect = false, params IReadOnlyList<string> arguments)
    {
        for (var attempt = 1; ; attempt++)
        {
            var plan = new LaunchPlan("test", nodes, FreePorts.FindOffset(nodes, FirstOffset(attempt)), shards, redirect, tls, NodeArguments: arguments);
            try
            {
                return new TestCluster(await ClusterStart.RunAsync(plan, NewDirectory(), Cancellation));
            }
            catch (LabException e) when (e.Message.Contains("in use", StringComparison.Ordinal) && attempt < 5)
            {
                // Somebody was quicker to take the port; the next offset will do.
            }
        }
    }

    /// <summary>For names of keys that nobody else has on this cluster.</summary>
    public string NewPrefix() => string.Create(CultureInfo.InvariantCulture, $"{++prefixes}:");

    /// <summary>A directory of its own under the system's temporary one.</summary>
    public static string NewDirectory() => Directory.CreateTempSubdirectory("cluster-test-").FullName;

    /// <summary>Where this process begins to look for ports, so that test runs side by side seldom meet.</summary>
    public static int FirstOffset(int attempt) => (Environment.ProcessId + (attempt * 17)) % 200 * 100;

    public Task<RespClient> ConnectAsync(string node) => RespClient.ConnectAsync(Nodes.Node(node), Cancellation);

    public async Task<ClusterView> ViewAsync(string node)
    {
        using var api = Nodes.Api(node, RequestTimeout);
        return await api.GetClusterAsync(Cancellation);
    }

    public Task WaitReadyAsync(params string[] names) => Nodes.WaitReadyAsync(names, ClusterStart.ReadyDeadline, (_, _) => { }, Cancellation);

    /// <summary>Kills the node's process and waits until it is gone.</summary>
    public async Task KillAsync(params string[] names)
    {
        foreach (var name in names)
        {
            Assert.True(Nodes.Process(name).Kill(), $"{name} was dead already");
        }

        foreach (var name in names)
        {
            Assert.True(await Nodes.Process(name).WaitForExitAsync(TimeSpan.FromSeconds(10), TimeProvider.System, Cancellation));
        }
    }

    public async Task RestartAsync(params string[] names)
    {
        foreach (var name in names)
        {
            await Nodes.RestartAsync(name, Cancellation);
        }

        await WaitReadyAsync(names);
    }

    public async ValueTask DisposeAsync()
    {
        if (TestContext.Current.TestState?.Result == TestResult.Failed)
        {
            foreach (var name in Nodes.NodeNames)
            {
                var log = string.Join('\n', Nodes.Directory.LastLogLines(name, 30));
                TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"--- end of {name}'s log\n{log}"));
            }
        }

        if (!IsShared)
        {
            await EndAsync();
        }
    }

    /// <summary>Kills what is left and deletes everything.</summary>
    public async Task EndAsync()
    {
        await Nodes.AbandonAsync(keepData: false);
        Directory.Delete(Nodes.Directory.Path, recursive: true);
    }
}
