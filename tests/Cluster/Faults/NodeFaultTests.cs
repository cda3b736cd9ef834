using Cluster.Cluster.Tests.Harness;
using Cluster.Lab.Processes;

namespace Cluster.Cluster.Tests.Faults;

/// <summary>Faults of disks and clocks, and planted flaws, from the console on real nodes: set, shown, in effect, healed.</summary>
public sealed class NodeFaultTests : IAsyncLifetime
{
    private readonly string directory = TestCluster.NewDirectory();

    public async ValueTask InitializeAsync()
    {
        var offset = FreePorts.FindOffset(3, TestCluster.FirstOffset(3));
        (await LabAsync("up", "--port-offset", offset.ToString(System.Globalization.CultureInfo.InvariantCulture), "--shards", "2", "--flaw", "forget-vote")).Expect(0);
    }

    public async ValueTask DisposeAsync() => await LabAsync("down");

    [Fact]
    public async Task Disks_and_clocks_are_set_wrong_shown_and_healed_and_a_flawed_node_is_never_healthy()
    {
        Assert.Equal("n1: its disk is healthy\n", (await LabAsync("disk", "n1")).Expect(0).Output);
        Assert.Equal("n1: flushes 20 ms late, up to 5 ms more by jitter\n", (await LabAsync("disk", "n1", "--latency", "20ms", "--jitter", "5ms")).Expect(0).Output);
        Assert.Contains("loses at a kill", (await LabAsync("disk", "n1", "n2", "--lose-unsynced")).Expect(0).Output, StringComparison.Ordinal);
        Assert.Equal("n2: its clock is 3000 ms behind, its clock runs at 1.02 times the right rate\n", (await LabAsync("clock", "n2", "--skew=-3s", "--rate", "1.02")).Expect(0).Output);
        Assert.Contains("a number from 0.5 to 2", (await LabAsync("clock", "n2", "--rate", "3")).Expect(64).Error, StringComparison.Ordinal);
        Assert.Contains("n1 runs: 'lab kill n1' first", (await LabAsync("disk", "n1", "--flip-bit", "1")).Expect(1).Error, StringComparison.Ordinal);

        await Eventually.TrueAsync(TimeSpan.FromSeconds(20), "the others see that its clock is wrong", async () =>
            (await LabAsync("cluster", "doctor")).Expect(1).Output.Contains("clock of n2 is", StringComparison.Ordinal));
        var doctor = (await LabAsync("cluster", "doctor")).Expect(1).Output;
        Assert.Contains("forget-vote on n1", doctor, StringComparison.Ordinal);
        Assert.Contains("disk of n1", doctor, StringComparison.Ordinal);

        // A node that is started again has its flaw, and no fault that was set while it ran.
        (await LabAsync("restart", "n2")).Expect(0);
        Assert.Equal("n2: its clock is right\n", (await LabAsync("clock", "n2")).Expect(0).Output);
        (await LabAsync("heal")).Expect(0);
        Assert.Equal("n1: its disk is healthy\n", (await LabAsync("disk", "n1")).Expect(0).Output);
        Assert.Contains("forget-vote on n2", (await LabAsync("cluster", "doctor")).Expect(1).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_flipped_bit_is_found_at_the_next_start()
    {
        for (var i = 0; i < 5; i++)
        {
            (await LabAsync("redis", "set", "k", "v" + i)).Expect(0);
        }

        (await LabAsync("kill", "n3")).Expect(0);
        Assert.Contains("flipped bit", (await LabAsync("disk", "n3", "--flip-bit", "1")).Output, StringComparison.Ordinal);
        Assert.Contains("is corrupt at byte", (await LabAsync("restart", "n3")).Expect(1).Error, StringComparison.Ordinal);
    }

    private Task<ConsoleProcess> LabAsync(params string[] arguments) => ConsoleProcess.LabAsync(directory, arguments);
}
