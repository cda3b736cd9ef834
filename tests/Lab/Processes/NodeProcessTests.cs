using System.Diagnostics;
using Cluster.Lab.Processes;
using Cluster.Lab.Targets;

namespace Cluster.Lab.Tests.Processes;

/// <summary>A shell that sleeps stands in for a node: what counts here is its process id and its command line.</summary>
public sealed class NodeProcessTests : IDisposable
{
    private readonly Process child = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "sleep 60; :", "node", "--data", "/tmp/some/n1"]))!;

    public void Dispose()
    {
        child.Kill(entireProcessTree: true);
        child.Dispose();
    }

    [Fact]
    public async Task A_node_is_paused_resumed_and_killed_by_signals()
    {
        var node = new NodeProcess(child.Id, "/tmp/some/n1");
        Assert.Equal(ProcessState.Running, node.State);

        Assert.True(node.Pause());
        await BecomesAsync(node, ProcessState.Paused);
        Assert.True(node.Resume());
        await BecomesAsync(node, ProcessState.Running);
        Assert.True(node.Kill());
        Assert.True(await node.WaitForExitAsync(TimeSpan.FromSeconds(10), TimeProvider.System, TestContext.Current.CancellationToken));
        Assert.False(node.Kill());
    }

    [Fact]
    public void A_process_id_that_belongs_to_something_else_now_is_never_signalled()
    {
        var stranger = new NodeProcess(child.Id, "/tmp/some/other");

        Assert.Equal(ProcessState.Dead, stranger.State);
        Assert.False(stranger.Kill());
        Assert.False(child.HasExited);
    }

    /// <summary>Its command line is empty, as that of a process that is becoming another program.</summary>
    [Fact]
    public void A_thread_of_the_kernel_is_no_node() => Assert.Equal(ProcessState.Dead, new NodeProcess(2, "/tmp/some/n1").State);

    private static async Task BecomesAsync(NodeProcess node, ProcessState expected)
    {
        for (var tries = 0; node.State != expected; tries++)
        {
            Assert.True(tries < 1000, $"still {node.State}, not {expected}");
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        }
    }
}
