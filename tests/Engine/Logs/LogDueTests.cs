using Cluster.Engine.KeyValue;
using Cluster.Engine.Logs;
using Cluster.Engine.Sharding;
using Cluster.Shared.KeyValue;
using Cluster.Shared.Wire;
using Google.Protobuf;
using static Cluster.Engine.Tests.Logs.LogStepsOfTests;

namespace Cluster.Engine.Tests.Logs;

public class LogDueTests
{
    private readonly ShardMachine shard = new(new KeyValueMachine(), new LogMachine());
    private ulong index;

    [Fact]
    public void Keys_that_expire_all_the_time_do_not_keep_a_partition_from_its_retention()
    {
        Do(KeyValueMachine.Id, KvCommands.Put("k"u8.ToArray(), "v"u8.ToArray()).ExpiringAfter(10).ToByteString());
        Do(LogMachine.Id, Transaction(Configure(LogCleanup.Delete, retentionMs: 10)));
        Do(LogMachine.Id, Transaction(Append("a")));
        Do(LogMachine.Id, Transaction(Append("b")));

        // Neither is proposed, so both stay due.
        var due = Enumerable.Range(0, 4).Select(_ => ShardEntry.Parser.ParseFrom(shard.DecideExpiry(nowUnixMs: 5_000, max: 8)!.Value.Entry).Machine);

        Assert.Equal([KeyValueMachine.Id, LogMachine.Id, KeyValueMachine.Id, LogMachine.Id], due);
    }

    private static ByteString Transaction(LogStep step) => new LogCommand { Transaction = new LogTransaction { Steps = { step } } }.ToByteString();

    private void Do(uint machine, ByteString command)
    {
        var decision = shard.Decide(new ShardRequest { Machine = machine, Command = command }, nowUnixMs: 1_000);
        shard.Proposed(++index, decision);
        shard.Apply(index, decision.Entry!);
    }
}
