using Cluster.Lab;
using Cluster.Lab.Targets;

namespace Cluster.Cluster.Tests.Harness;

/// <summary>
/// One cluster of three nodes for all tests that need no other: each is handed it whole, whatever the test before has broken. Starting three processes costs more than
/// most of what is shown on them; tests run one after another, and each works on keys of its own.
/// </summary>
public sealed class OneCluster : IAsyncLifetime
{
    private TestCluster? cluster;

    public ValueTask InitializeAsync() => default;

    public async ValueTask DisposeAsync()
    {
        if (cluster is not null)
        {
            await cluster.EndAsync();
        }
    }

    /// <summary>Every node runs, is ready, and is broken in no way. Disposing what it gives ends nothing.</summary>
    internal async Task<TestCluster> WholeAsync()
    {
        if (cluster is not null)
        {
            try
            {
                await MendAsync(cluster);
                return cluster;
            }
            catch (LabException)
            {
                // A test has left it beyond repair, and has failed itself: the next one need not.
                await cluster.EndAsync();
            }
        }

        cluster = await TestCluster.StartAsync();
        cluster.IsShared = true;
        return cluster;
    }

    private static async Task MendAsync(TestCluster cluster)
    {
        var cancellation = TestContext.Current.CancellationToken;
        foreach (var name in cluster.Nodes.NodeNames)
        {
            switch (cluster.Nodes.Process(name).State)
            {
                case ProcessState.Dead:
                    await cluster.Nodes.RestartAsync(name, cancellation);
                    break;
                case ProcessState.Paused:
                    await cluster.Nodes.ResumeAsync(name, cancellation);
                    break;
            }
        }

        await cluster.WaitReadyAsync([.. cluster.Nodes.NodeNames]);
        Assert.Empty(await cluster.Links.HealAsync(cancellation));
        Assert.Empty(await cluster.Faults.HealAsync(cancellation));
    }
}
