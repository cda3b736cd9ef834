using Cluster.Engine.Remoting.Faults;
using Cluster.Engine.Simulation;
using Cluster.Shared.Http;
using Cluster.Simulation.Tests.Entities;

namespace Cluster.Simulation.Tests.Clusters;

/// <summary>Each fault that a scenario can inject does what its name says: a run under a fault that does nothing shows nothing.</summary>
public class FaultEffectTests
{
    [Fact]
    public void Links_lose_double_and_reorder_as_told_and_the_trace_counts_it()
    {
        var cluster = SimulatedClusters.Ready(2);
        var links = cluster.Nodes[0].Engine.Faults;
        links.Set([new LinkFaultView("n2", LossPercent: 20, DuplicatePercent: 30, ReorderPercent: 30, DelayMs: 5, JitterMs: 10)]);
        cluster.Run(TimeSpan.FromSeconds(5));
        cluster.Nodes[0].Kill();
        foreach (var kind in new[] { FaultKind.Lost, FaultKind.Duplicated, FaultKind.Reordered, FaultKind.Delayed })
        {
            Assert.True(cluster.Trace.Faults.GetValueOrDefault($"frame: {kind}") > 5, $"{kind} happened {cluster.Trace.Faults.GetValueOrDefault($"frame: {kind}")} times");
        }
    }

    [Fact]
    public void A_narrow_link_takes_the_time_that_its_bytes_need()
    {
        var (open, narrow) = (Seconds(bytesPerSecond: 0), Seconds(bytesPerSecond: 2_000));
        Assert.True(open < 0.05, $"a write took {open} s on an open link");
        Assert.True(narrow > 5 * open, $"a write took {narrow} s on a narrow link, {open} s on an open one");
    }

    [Fact]
    public void A_cut_one_way_stops_that_way_only()
    {
        var cluster = SimulatedClusters.Ready(4);
        var (here, there) = (cluster.Nodes[0], cluster.Nodes[1]);
        cluster.Network.Cut(here.Address, there.Address);
        var before = cluster.Trace.Faults.GetValueOrDefault("frame lost in a cut");
        cluster.Run(TimeSpan.FromSeconds(3));
        Assert.True(cluster.Trace.Faults.GetValueOrDefault("frame lost in a cut") > before, "no frame was lost");
        Assert.Contains(there.Engine.View.Describe().Members, member => member.Name == here.Name.ToString() && !member.Reachable);
    }

    [Fact]
    public void A_clock_changes_its_rate_and_its_time_of_day_on_the_way_and_never_goes_back()
    {
        var cluster = SimulatedClusters.Ready(1);
        var (node, clock) = (cluster.Nodes[1], cluster.Nodes[1].Engine.System.Time);
        var before = clock.GetTimestamp();
        foreach (var rate in new[] { 1.5, 0.5, 1.02 })
        {
            node.ClockRate = rate;
            node.ClockOffset = TimeSpan.FromHours(-rate);
            Assert.True(clock.GetTimestamp() >= before, "the clock went back");
            before = clock.GetTimestamp();
            cluster.Run(TimeSpan.FromSeconds(1));
            Assert.Equal(rate, TimeSpan.FromTicks(clock.GetTimestamp() - before).TotalSeconds, 0.001);
            Assert.Equal(-rate, (clock.GetUtcNow() - cluster.Time.GetUtcNow()).TotalHours, 0.001);
            before = clock.GetTimestamp();
        }
    }

    [Fact]
    public void A_timer_that_is_set_follows_a_change_of_the_rate()
    {
        var cluster = SimulatedClusters.Ready(1);
        var rang = TimeSpan.Zero;
        using var timer = cluster.Nodes[0].Engine.System.Time.CreateTimer(_ => rang = cluster.Now, null, TimeSpan.FromSeconds(2), Timeout.InfiniteTimeSpan);
        var start = cluster.Now;
        cluster.Run(TimeSpan.FromSeconds(1));
        cluster.Nodes[0].ClockRate = 2;
        cluster.Run(TimeSpan.FromSeconds(1));
        Assert.Equal(1.5, (rang - start).TotalSeconds, 0.001);
    }

    [Fact]
    public void What_a_lying_disk_said_to_keep_is_gone_with_the_power()
    {
        var disk = new MemoryDisk();
        disk.CreateFolder("a");
        using (var file = disk.Open("a/f", Engine.Storage.DiskMode.Create))
        {
            file.WriteAt(0, "kept"u8);
            file.Flush();
            disk.SyncFolder("a");
            disk.Faults.LieAboutFlushes = true;
            file.WriteAt(4, "gone"u8);
            file.Flush();
        }

        var lost = Enumerable.Range(0, 20).Count(seed =>
        {
            disk.Crash(seed);
            using var after = disk.Open("a/f", Engine.Storage.DiskMode.Read);
            Assert.True(after.Length >= 4, "what an honest flush covered is gone");
            return after.Length == 4;
        });
        Assert.True(lost > 0 && disk.BrokeItsWord, "the lie cost nothing");
    }

    [Fact]
    public void A_slow_disk_slows_writes_down()
    {
        var cluster = SimulatedClusters.Ready(6);
        var quick = WriteTakes(cluster);
        foreach (var node in cluster.Nodes)
        {
            node.DiskLatency = TimeSpan.FromMilliseconds(40);
        }

        Assert.True(WriteTakes(cluster) > quick + TimeSpan.FromMilliseconds(39), "the disk's latency did not show");
    }

    [Fact]
    public void A_node_that_retires_hands_over_all_that_it_leads_before_it_ends()
    {
        var cluster = SimulatedClusters.Ready(8);
        var led = cluster.Await(new ValueTask<int>(cluster.Nodes[0].Engine.RetireAsync(TimeSpan.FromSeconds(5), CancellationToken.None)), TimeSpan.FromSeconds(10));
        Assert.Equal(0, led);
        cluster.Nodes[0].Kill();
        WriteTakes(cluster);
    }

    private static double Seconds(long bytesPerSecond)
    {
        var cluster = SimulatedClusters.Ready(9);
        foreach (var node in cluster.Nodes)
        {
            node.Engine.Faults.Set([.. cluster.Nodes.Where(other => other != node).Select(other => new LinkFaultView(other.Name.ToString(), BytesPerSecond: bytesPerSecond))]);
        }

        return WriteTakes(cluster).TotalSeconds;
    }

    private static TimeSpan WriteTakes(SimulatedCluster cluster)
    {
        var start = cluster.Now;
        var put = Shared.KeyValue.KvCommands.Put("key"u8.ToArray(), new byte[400]);
        var result = cluster.Await(cluster.Nodes[^1].Engine.KeyValue.ExecuteAsync(put, Shared.Wire.ReadConsistency.Linearizable, Shared.KeyValue.RequestIdentity.None, default), TimeSpan.FromSeconds(20));
        Assert.Null(result.Error);
        return cluster.Now - start;
    }
}
