using Cluster.Engine.KeyValue;
using Cluster.Engine.Sharding;
using Cluster.Shared.KeyValue;
using Cluster.Shared.Results;
using Cluster.Shared.Wire;
using Google.Protobuf;

namespace Cluster.Node.Tests.Support;

/// <summary>
/// The store's real machines, one a shard, without the cluster round them: a command is decided and applied at once. A test can hold commands back, answer in
/// any order, and make the store fail.
/// </summary>
internal sealed class FakeStore(TimeProvider time, int shards = 4) : IKeyValueClient
{
    private readonly Lock gate = new();
    private readonly Shard[] data = [.. Enumerable.Range(0, shards).Select(_ => new Shard())];
    private readonly Dictionary<RequestIdentity, KvReply> remembered = [];

    public int ShardCount { get; set; } = shards;

    /// <summary>Every command in the order of its call.</summary>
    public List<KvCommand> Calls { get; } = [];

    public List<ReadConsistency> Consistencies { get; } = [];

    /// <summary>Entries that a shard stops a scan after, whatever is asked for: the real store's answers are bounded in bytes.</summary>
    public Func<int, uint>? ScanBound { get; set; }

    /// <summary>Decides on a command before its shard does; null lets it through.</summary>
    public Func<KvCommand, Task<ClusterError?>>? Before { get; set; }

    public ValueTask<KvResult> ExecuteAsync(KvCommand command, ReadConsistency consistency, RequestIdentity session, CancellationToken cancellation)
    {
        Note(command, consistency);
        if (KeyValueBounds.Violated(command) is { } error)
        {
            return ValueTask.FromResult<KvResult>(error);
        }

        if (!KeyValueSlot.TryFind(command, out var slot))
        {
            return ValueTask.FromResult<KvResult>(KeyValueSlot.SeveralSlots);
        }

        var shard = data[slot % data.Length];
        return Before is null ? ValueTask.FromResult<KvResult>(Run(shard, command, session)) : HeldAsync(shard, command, session, cancellation);
    }

    public ValueTask<KvResult> ExecuteOnShardAsync(int shardIndex, KvCommand command, ReadConsistency consistency, CancellationToken cancellation)
    {
        Note(command, consistency);
        if (command.Op == KvOp.Scan && ScanBound is not null)
        {
            command = command.Clone();
            command.Limit = Math.Min(command.Limit, ScanBound(shardIndex));
        }

        return ValueTask.FromResult<KvResult>(Run(data[shardIndex], command, RequestIdentity.None));
    }

    /// <summary>How many keys a shard holds.</summary>
    public async Task<long> CountAsync(int shard) => (await ExecuteOnShardAsync(shard, KvCommands.Count(), ReadConsistency.Linearizable, CancellationToken.None)).Reply!.Number;

    private void Note(KvCommand command, ReadConsistency consistency)
    {
        lock (gate)
        {
            Calls.Add(command);
            Consistencies.Add(consistency);
        }
    }

    private async ValueTask<KvResult> HeldAsync(Shard shard, KvCommand command, RequestIdentity session, CancellationToken cancellation) =>
        await Before!(command).WaitAsync(cancellation) is { } error ? error : Run(shard, command, session);

    private KvReply Run(Shard shard, KvCommand command, RequestIdentity session)
    {
        lock (gate)
        {
            if (!session.IsNone && remembered.TryGetValue(session, out var again))
            {
                return again;
            }

            var reply = shard.Run(command, time.GetUtcNow().ToUnixTimeMilliseconds());
            if (!session.IsNone)
            {
                remembered[session] = reply;
            }

            return reply;
        }
    }

    private sealed class Shard
    {
        private readonly KeyValueMachine machine = new();
        private ulong index;

        public KvReply Run(KvCommand command, long now)
        {
            var bytes = command.ToByteString();
            if (KvCommands.IsRead(command))
            {
                var read = machine.Query(bytes, now, stale: false, out var needsDecision);
                if (!needsDecision)
                {
                    return KvReply.Parser.ParseFrom(read);
                }
            }

            var decision = machine.Decide(bytes, now);
            if (decision.Outcome == MachineOutcome.Changed)
            {
                machine.Proposed(++index, decision);
                machine.Apply(index, decision.Event, now);
            }

            return KvReply.Parser.ParseFrom(decision.Reply);
        }
    }
}
