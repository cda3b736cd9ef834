using System.Globalization;
using Cluster.Modes;
using Cluster.Modes.ClientServer;
using Cluster.Modes.Hosting;
using Cluster.Modes.Sharded;

namespace Cluster.Simulation.Tests.Modes;

/// <summary>The one disk that has the keys takes nothing for a while, and more writes wait for it than it may keep waiting: nobody is told that a write had no effect which then takes effect.</summary>
public class StalledDiskTests
{
    /// <summary>Of the largest values these are more than a persistent actor lets wait for its disk.</summary>
    private const int Writes = 300;

    private static readonly string Value = new('v', 60 * 1024);

    [Fact]
    public void A_server_whose_disk_stands_still_refuses_no_write_that_it_then_commits() => Stall(ClientServerMode.Mode, 91);

    [Fact]
    public void An_owner_whose_disk_stands_still_refuses_no_write_that_it_then_commits() => Stall(ShardedMode.Mode, 92);

    private static void Stall(Mode mode, int seed)
    {
        var stage = new ModeStage(mode, seed);
        stage.Ask(1, "put", ("key", Key(0)), ("value", "first"));
        var owner = stage.Ask(1, "where", ("key", Key(0))).GetProperty("owner").GetString()![1] - '0';
        var faults = stage.Cluster.Nodes[owner - 1].Disk.Faults;

        faults.FullAfterBytes = 0;
        var writes = Enumerable.Range(0, Writes).Select(number => stage.AskAsync(owner, "put", ("key", Key(number)), ("value", Value))).ToList();
        stage.Cluster.Run(TimeSpan.FromSeconds(2)); // Each has been sent again a few times.
        Assert.DoesNotContain(writes, write => write.IsCompleted);
        Assert.Equal("first", stage.Ask(owner, "get", ("key", Key(0))).GetProperty("value").GetString());
        faults.FullAfterBytes = null;

        stage.Cluster.RunUntil(() => writes.All(write => write.IsCompleted), TimeSpan.FromSeconds(10), () => "answers");
        Assert.All(writes, write => Assert.NotNull(stage.Cluster.Await(new ValueTask<ModeAnswer>(write), TimeSpan.Zero).Json));
    }

    /// <summary>All have one hash tag, and so one shard.</summary>
    private static string Key(int number) => string.Create(CultureInfo.InvariantCulture, $"{{k}}{number}");
}
