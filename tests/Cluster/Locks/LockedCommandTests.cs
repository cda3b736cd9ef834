using System.Diagnostics;
using Cluster.Client.Locks;
using Cluster.Cluster.Tests.Harness;

namespace Cluster.Cluster.Tests.Locks;

/// <summary>A command that is ended is ended with all that it started: also what runs in the background, what does not listen, and what has lost its parent.</summary>
public sealed class LockedCommandTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly string directory = TestCluster.NewDirectory();
    private readonly LockedCommand command = new();

    public void Dispose()
    {
        command.Dispose();
        Directory.Delete(directory, recursive: true);
    }

    [Theory]
    [InlineData("sleep 300 & echo $! > child; wait")]
    [InlineData("sh -c 'sleep 300 & echo $! > child'; sleep 300")]
    [InlineData("(trap '' TERM; sleep 300 & echo $! > child; while :; do wait; done) & wait")]
    [InlineData("trap '' TERM; sleep 300 & echo $! > child; while :; do wait; done")]
    [InlineData("setsid sleep 300 & echo $! > child; exit 0")]
    public async Task Nothing_that_it_started_survives_its_end(string script)
    {
        Assert.Null(command.Start(["sh", "-c", $"cd {directory}; {script}"], new Dictionary<string, string>()));
        var child = await ProcessIds.ReadAsync(Path.Combine(directory, "child"));
        Assert.True(ProcessIds.Lives(child));

        await command.EndAsync(TimeSpan.FromMilliseconds(200), TimeProvider.System);

        Assert.False(ProcessIds.Lives(child), $"process {child} still runs");
    }

    [Fact]
    public async Task Whoever_ends_when_asked_is_not_waited_for_until_the_grace_is_over()
    {
        Assert.Null(command.Start(["sleep", "300"], new Dictionary<string, string>()));
        var watch = Stopwatch.StartNew();

        await command.EndAsync(TimeSpan.FromSeconds(60), TimeProvider.System);

        Assert.InRange(watch.Elapsed, TimeSpan.Zero, Patience);
        Assert.Equal(128 + 15, await command.WaitAsync(CancellationToken.None));
    }

    [Fact]
    public void What_is_not_there_is_127()
    {
        var failure = command.Start(["/no/such/program"], new Dictionary<string, string>());

        Assert.Equal(127, failure?.Code);
        Assert.StartsWith("/no/such/program cannot be run", failure?.Why, StringComparison.Ordinal);
    }
}
