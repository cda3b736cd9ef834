using Cluster.Cluster.Tests.Harness;

namespace Cluster.Cluster.Tests.Locks;

/// <summary>A command under a lock of real nodes: whose exit code is whose, and what is left of it when the lease is lost.</summary>
[Collection(OneClusterGroup.Name)]
public class LockVerbTests(OneCluster clusters)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_lease_that_is_lost_ends_the_command_and_all_that_it_started_with_76()
    {
        await using var cluster = await clusters.WholeAsync();
        var file = Path.GetTempFileName();
        var running = LockAsync(cluster, "lost", "--lease", "2s", "--", "sh", "-c", $"sleep 300 & echo $! > {file}; wait");
        var child = await ProcessIds.ReadAsync(file);
        Assert.True(ProcessIds.Lives(child));
        foreach (var node in cluster.Nodes.NodeNames)
        {
            await cluster.Nodes.PauseAsync(node, Cancellation);
        }

        var ended = (await running).Expect(76);

        Assert.Contains("the lease of lost (token 1) is lost, so the command is ended", ended.Error, StringComparison.Ordinal);
        Assert.False(ProcessIds.Lives(child));
        File.Delete(file);
    }

    [Fact]
    public async Task The_exit_code_is_the_commands_and_75_where_it_was_not_run()
    {
        await using var cluster = await clusters.WholeAsync();
        var inside = $"dotnet {ConsoleProcess.ConsoleDll} lock code --session other --wait 0s -- true; echo inside $?; exit 7";

        var ended = (await LockAsync(cluster, "code", "--", "sh", "-c", inside)).Expect(7);

        Assert.Contains("inside 75", ended.Output, StringComparison.Ordinal);
        (await LockAsync(cluster, "code", "--wait", "0s", "--", "true")).Expect(0); // It was released.
        (await LockAsync(cluster, "code", "--", "/no/such/program")).Expect(127);
    }

    [Fact]
    public async Task A_lock_is_acquired_at_once_though_the_first_node_is_stopped()
    {
        await using var cluster = await clusters.WholeAsync();
        await cluster.Nodes.PauseAsync("n1", Cancellation);

        (await LockAsync(cluster, "stopped", "--wait", "0s", "--", "true")).Expect(0);
    }

    private static Task<ConsoleProcess> LockAsync(TestCluster cluster, params string[] arguments) => ConsoleProcess.LabAsync(cluster.Nodes.Directory.Path, ["lock", .. arguments]);
}
