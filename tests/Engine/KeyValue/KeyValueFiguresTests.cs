using System.Diagnostics;
using System.Globalization;
using System.Text;
using Cluster.Engine.KeyValue;
using Cluster.Engine.Sharding;
using Cluster.Shared.KeyValue;
using Cluster.Shared.Wire;
using Google.Protobuf;

namespace Cluster.Engine.Tests.KeyValue;

/// <summary>
/// What the store costs, printed; and bounds that a gross mistake would break. <c>KV_FIGURES=1</c> asks for the full size: a million keys. Runs when nothing else
/// does, which would be measured with it.
/// </summary>
[CollectionDefinition(nameof(KeyValueFiguresTests), DisableParallelization = true)]
[Collection(nameof(KeyValueFiguresTests))]
public class KeyValueFiguresTests(ITestOutputHelper output)
{
    private static readonly bool Full = Environment.GetEnvironmentVariable("KV_FIGURES") == "1";

    [Fact]
    public void A_key_with_a_128_byte_value_takes_less_than_400_bytes()
    {
        var keys = Full ? 1_000_000 : 100_000;
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var shard = Filled(keys);
        var bytes = GC.GetTotalMemory(forceFullCollection: true) - before;
        output.WriteLine($"{keys:N0} keys with 128-byte values: {bytes / 1e6:N0} MB, {bytes / keys} bytes a key; StateBytes says {shard.StateBytes / 1e6:N0} MB");
        Assert.InRange(bytes / keys, 100, 400);
        Assert.InRange(shard.StateBytes / (double)bytes, 0.7, 1.4);
    }

    [Fact]
    public void Reads_and_writes_on_one_thread()
    {
        var keys = Full ? 1_000_000 : 100_000;
        var count = Full ? 2_000_000 : 100_000;
        var shard = Filled(keys);
        var random = new Random(1);
        var index = shard.AppliedIndex;
        var gets = Requests(random, keys, 20_000, key => KvCommands.Get(key));
        var puts = Requests(random, keys, 20_000, key => KvCommands.Put(key, new byte[128]));
        for (var round = 0; round < (Full ? 3 : 1); round++)
        {
            Measure("GET Query", count, i => shard.Query(gets[i % gets.Length], 1_000));
            Measure("PUT Decide + Apply", count / 2, i => Run(shard, ref index, puts[i % puts.Length]));
            Measure("PUT Decide + Apply, with a session", count / 2, i =>
            {
                var put = puts[i % puts.Length];
                (put.Session, put.Sequence, put.AcknowledgedBelow) = (7, index + 1, index);
                Run(shard, ref index, put);
                put.Session = 0;
            });
            using var snapshot = shard.TakeSnapshot();
            Measure("PUT Decide + Apply, beside a snapshot", count / 2, i => Run(shard, ref index, puts[i % puts.Length]));
            var watch = Stopwatch.StartNew();
            snapshot.WriteTo(Stream.Null);
            output.WriteLine($"snapshot of {keys:N0} keys written in {watch.ElapsedMilliseconds} ms");
        }
    }

    [Fact]
    public void A_snapshot_of_a_large_keyspace_is_taken_without_copying_it()
    {
        var machine = new KeyValueMachine();
        var shard = new ShardMachine(machine);
        Fill(shard, 50_000);
        var before = GC.GetAllocatedBytesForCurrentThread();
        machine.TakeSnapshot().Dispose();
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000);
    }

    private void Measure(string what, int count, Action<int> run)
    {
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var paused = GC.GetTotalPauseDuration();
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < count; i++)
        {
            run(i);
        }

        var seconds = watch.Elapsed.TotalSeconds;
        output.WriteLine($"{what}: {count / seconds:N0}/s, {(GC.GetAllocatedBytesForCurrentThread() - allocated) / count} bytes allocated each, {(GC.GetTotalPauseDuration() - paused) / watch.Elapsed:P0} of it collecting");
    }

    private static ShardRequest[] Requests(Random random, int keys, int count, Func<byte[], KvCommand> command) =>
        [.. Enumerable.Range(0, count).Select(_ => new ShardRequest { Machine = 1, Command = command(Key(random.Next(keys))).ToByteString() })];

    private static ShardMachine Filled(int keys)
    {
        var shard = new ShardMachine(new KeyValueMachine());
        Fill(shard, keys);
        return shard;
    }

    private static void Fill(ShardMachine shard, int keys)
    {
        var order = Enumerable.Range(0, keys).ToArray();
        new Random(3).Shuffle(order);
        var index = 0UL;
        foreach (var i in order)
        {
            Run(shard, ref index, new ShardRequest { Machine = 1, Command = KvCommands.Put(Key(i), new byte[128]).ToByteString() });
        }
    }

    private static void Run(ShardMachine shard, ref ulong index, ShardRequest request)
    {
        var decision = shard.Decide(request, 1_000);
        shard.Proposed(++index, decision);
        shard.Apply(index, decision.Entry!);
    }

    private static byte[] Key(int i) => Encoding.ASCII.GetBytes("key:" + i.ToString("D12", CultureInfo.InvariantCulture));
}
