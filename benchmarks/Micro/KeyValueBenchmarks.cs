using System.Globalization;
using System.Text;
using BenchmarkDotNet.Attributes;
using Cluster.Engine.KeyValue;
using Cluster.Engine.Sharding;
using Cluster.Shared.KeyValue;
using Cluster.Shared.Wire;
using Google.Protobuf;

namespace Cluster.Benchmarks.Micro;

/// <summary>The key-value machine of one shard with 100,000 keys of 128 bytes: a GET as the leader answers it, a PUT as the leader decides and applies it.</summary>
public class KeyValueBenchmarks
{
    private const int Keys = 100_000;
    private const int Requests = 16_384;
    private const long Now = 1_000;

    private readonly ShardMachine shard = new(new KeyValueMachine());
    private readonly ShardRequest[] gets = new ShardRequest[Requests];
    private readonly ShardRequest[] puts = new ShardRequest[Requests];
    private ulong index;
    private int next;

    [GlobalSetup]
    public void Fill()
    {
        var random = new Random(1);
        for (var key = 0; key < Keys; key++)
        {
            Apply(Request(KvCommands.Put(Key(key), new byte[128])));
        }

        for (var i = 0; i < Requests; i++)
        {
            gets[i] = Request(KvCommands.Get(Key(random.Next(Keys))));
            puts[i] = Request(KvCommands.Put(Key(random.Next(Keys)), new byte[128]));
        }
    }

    [Benchmark]
    public object? Get() => shard.Query(gets[next++ % Requests], Now).Reply;

    [Benchmark]
    public void Put() => Apply(puts[next++ % Requests]);

    private void Apply(ShardRequest request)
    {
        var decision = shard.Decide(request, Now);
        shard.Proposed(++index, decision);
        shard.Apply(index, decision.Entry!);
    }

    private static ShardRequest Request(KvCommand command) => new() { Machine = KeyValueMachine.Id, Command = command.ToByteString() };

    private static byte[] Key(int number) => Encoding.ASCII.GetBytes("key:" + number.ToString("D12", CultureInfo.InvariantCulture));
}
