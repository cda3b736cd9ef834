using Cluster.Engine.Port;
using Cluster.Engine.Simulation;

namespace Cluster.Simulation.Tests.Persistence;

/// <summary>A persistent actor on one simulated node: what it has answered is there again, whatever ends it.</summary>
public sealed class PersistentActorTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    private readonly SimulatedCluster cluster = new(7, 1, options => options with { Messages = messages => messages.Register("adder.added", 1, AdderJson.Default.Added) });
    private IActorRef adder = null!;

    private SimulatedNode Node => cluster.Nodes[0];

    public static TheoryData<string> Ends => ["kill", "power loss", "failure"];

    [Theory]
    [MemberData(nameof(Ends))]
    public void What_was_answered_is_there_again(string end)
    {
        Start();
        for (var i = 1; i <= 20; i++)
        {
            Assert.Equal(i, Ask(1L));
        }

        End(end);
        Assert.Equal(20, Ask("sum"));
        Assert.Equal(25, Ask(5L));
        End(end);
        Assert.Equal(25, Ask("sum"));
    }

    [Fact]
    public void An_answer_waits_for_the_disk()
    {
        Start();
        Node.DiskLatency = TimeSpan.FromMilliseconds(50);
        var before = cluster.Now;
        Assert.Equal(1, Ask(1L));
        Assert.True(cluster.Now - before >= TimeSpan.FromMilliseconds(50), $"answered after {cluster.Now - before}");
    }

    [Fact]
    public void An_event_that_was_not_answered_when_the_power_went_may_be_gone_but_never_comes_without_those_before_it()
    {
        Start();
        Assert.Equal(1, Ask(1L));
        Node.DiskLatency = TimeSpan.FromMilliseconds(50);
        adder.Tell(10L);
        adder.Tell(100L);
        cluster.Run(TimeSpan.FromMilliseconds(51));
        End("power loss");
        Node.DiskLatency = TimeSpan.Zero;
        Assert.Contains(Ask("sum"), new long[] { 1, 11, 111 });
    }

    [Theory]
    [MemberData(nameof(Ends))]
    public void A_snapshot_stands_for_its_events_and_the_log_does_not_grow_for_ever(string end)
    {
        Start(padding: 500_000);
        for (var i = 1; i <= 200; i++)
        {
            Assert.Equal(i, Ask(1L));
        }

        var log = Node.Disk.List("journal").Sum(file => Length(file.Name));
        Assert.True(log < 60_000_000, $"{log} bytes of log after 100 MB of events with snapshots every 4 MiB");
        End(end);
        Assert.Equal(200, Ask("sum"));
    }

    [Fact]
    public void A_full_disk_holds_answers_back_and_loses_none()
    {
        Start(padding: 100_000);
        Assert.Equal(1, Ask(1L));
        Node.Disk.Faults.FailWrites = true;
        var waiting = adder.Ask<long>(10L, Limit);
        cluster.Run(TimeSpan.FromSeconds(1));
        Assert.False(waiting.IsCompleted);
        Node.Disk.Faults.FailWrites = false;
        Assert.Equal(11, cluster.Await(new ValueTask<long>(waiting), Limit));
    }

    [Fact]
    public void A_disk_that_takes_nothing_for_long_fills_no_memory_and_takes_no_node_down()
    {
        Start(padding: 500_000);
        Assert.Equal(1, Ask(1L));
        Node.Disk.Faults.FailWrites = true;
        for (var i = 0; i < 300; i++)
        {
            adder.Tell(1L); // It does not look whether there is room, so it fails, and its supervisor starts it again.
        }

        cluster.Run(TimeSpan.FromSeconds(2));
        Assert.True(Node.IsRunning, Node.Fatal);
        Node.Disk.Faults.FailWrites = false;
        cluster.Run(TimeSpan.FromSeconds(2));
        Assert.InRange(Ask("sum"), 2, 301);
    }

    private void Start(int padding = 0)
    {
        Node.Start();
        adder = Node.Engine.System.ActorOf(Props.Create(() => new Adder(padding)), "adder");
    }

    private void End(string how)
    {
        switch (how)
        {
            case "kill":
                Node.Kill();
                Start();
                break;
            case "power loss":
                Node.LosePower();
                Start();
                break;
            default:
                adder.Tell("fail");
                break;
        }
    }

    private long Ask(object command) => cluster.Await(new ValueTask<long>(adder.Ask<long>(command, Limit)), Limit);

    private long Length(string name)
    {
        using var file = Node.Disk.Open(name, Engine.Storage.DiskMode.Read);
        return file.Length;
    }
}
