using Cluster.Engine.Hosting;
using Cluster.Engine.Remoting;
using Cluster.Engine.Sharding.Client;
using Cluster.Engine.Simulation;
using Cluster.Shared.KeyValue;
using Cluster.Shared.Results;
using Cluster.Shared.Slots;
using Cluster.Shared.Wire;

namespace Cluster.Simulation.Tests.Clusters;

/// <summary>The largest values, several at once, through a node that does not lead their shard: more than one frame holds, and in the end more than a link.</summary>
public class LargeValueTests
{
    private const int Values = 3;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Below the time after which an attempt is given up: what was dropped on the way would take longer.</summary>
    private static readonly TimeSpan NothingLost = TimeSpan.FromMilliseconds(900);

    [Fact]
    public void The_largest_values_written_and_read_at_once_need_no_second_attempt()
    {
        var once = new ShardClientOptions();
        once = once with { RetryPause = once.RequestTimeout };
        var cluster = Ready(options => options with { Client = once });
        var through = Follower(cluster, Key(0));
        Assert.True(Values * KvLimits.MaxValueBytes > new RemotingOptions().MaxFrameBytes, "one frame would hold them all");

        var written = Together(cluster, Enumerable.Range(0, Values).Select(i => Run(through, KvCommands.Put(Key(i), Value(i)))));
        Assert.All(written, result => Assert.True(result.Reply?.Status == KvStatus.Ok, result.Error?.Message));

        var read = Together(cluster, Enumerable.Range(0, Values).Select(i => Run(through, KvCommands.Get(Key(i)))));
        for (var i = 0; i < Values; i++)
        {
            Assert.True(Value(i).AsSpan().SequenceEqual(read[i].Reply!.Value.Span), $"value {i} came back different");
        }
    }

    [Fact]
    public void Answers_for_which_a_link_has_no_room_come_with_another_attempt()
    {
        var cluster = Ready();
        var through = Follower(cluster, Key(0));
        Assert.Equal(KvStatus.Ok, cluster.Await(Run(through, KvCommands.Put(Key(0), Value(0))), Patience).Reply?.Status);
        var reads = (new RemotingOptions().InteractivePendingBytes / KvLimits.MaxValueBytes) + 3;

        var read = Together(cluster, Enumerable.Range(0, reads).Select(_ => Run(through, KvCommands.Get(Key(0)))));

        Assert.All(read, result => Assert.Equal(KvLimits.MaxValueBytes, result.Reply?.Value.Length));
    }

    [Fact]
    public void A_request_that_no_frame_holds_is_refused_in_words_by_every_node()
    {
        var cluster = Ready();
        var swap = KvCommands.Put(Key(0), Value(0));
        swap.Condition = KvCondition.Value;
        swap.Expected = swap.Value;
        foreach (var node in cluster.Nodes)
        {
            var refused = cluster.Await(Run(node, swap), NothingLost).Error;
            Assert.Equal(ErrorCode.BadRequest, refused?.Code);
            Assert.Contains("travel between nodes at once", refused!.Message, StringComparison.Ordinal);
        }
    }

    private static SimulatedCluster Ready(Func<EngineOptions, EngineOptions>? tune = null)
    {
        var cluster = new SimulatedCluster(5, 3, tune);
        cluster.StartAll();
        cluster.RunUntil(() => cluster.Nodes.All(node => node.Engine.View.NotReadyBecause is null), Patience, () => "all nodes are ready");
        return cluster;
    }

    private static SimulatedNode Follower(SimulatedCluster cluster, byte[] key)
    {
        var ranges = cluster.Nodes[0].Engine.Slots.Describe().Ranges;
        var place = Enumerable.Range(0, ranges.Count).First(i => ranges[i].LastSlot >= HashSlot.Of(key));
        return cluster.Nodes.First(node => !node.Engine.Slots.Leads(place));
    }

    private static KvResult[] Together(SimulatedCluster cluster, IEnumerable<ValueTask<KvResult>> calls) =>
        cluster.Await(new ValueTask<KvResult[]>(Task.WhenAll(calls.Select(call => call.AsTask()))), NothingLost);

    private static ValueTask<KvResult> Run(SimulatedNode node, KvCommand command) => node.Engine.KeyValue.ExecuteAsync(command, ReadConsistency.Linearizable, RequestIdentity.None, default);

    private static byte[] Key(int i) => [.. "{large}"u8, (byte)('0' + i)];

    private static byte[] Value(int i)
    {
        var value = new byte[KvLimits.MaxValueBytes];
        Array.Fill(value, (byte)i);
        return value;
    }
}
