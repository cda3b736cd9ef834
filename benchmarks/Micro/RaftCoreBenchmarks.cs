using BenchmarkDotNet.Attributes;
using Cluster.Engine.Consensus;
using Cluster.Shared.Ids;
using Cluster.Shared.Wire;
using Google.Protobuf;

namespace Cluster.Benchmarks.Micro;

/// <summary>
/// Three Raft cores on one thread with nothing between them: so many proposals until the leader has committed them all. What is left is the protocol itself, on
/// leader and followers together.
/// </summary>
public class RaftCoreBenchmarks
{
    private const int Size = 3;

    private readonly RaftCore[] cores = new RaftCore[Size];
    private readonly Queue<RaftMessage> wire = new();
    private readonly ByteString data = ByteString.CopyFrom(new byte[150]);
    private TimeSpan now = TimeSpan.FromSeconds(1);
    private ulong committed;

    [Params(1, 16)]
    public int Proposals { get; set; }

    [GlobalSetup]
    public void Elect()
    {
        var voters = RaftConfiguration.Of(Enumerable.Range(1, Size).Select(node => new NodeId((uint)node)));
        for (var i = 0; i < Size; i++)
        {
            cores[i] = new RaftCore(RaftOptions.Default, new ShardId(1), new NodeId((uint)i + 1), RaftRecovery.Founded(voters), (ulong)i + 1);
            cores[i].Tick(now);
        }

        cores[0].Campaign(now);
        Settle();
        if (cores[0].Role != RaftRole.Leader)
        {
            throw new InvalidOperationException("the first core was not elected");
        }
    }

    [Benchmark]
    public ulong ProposeUntilCommitted()
    {
        now += TimeSpan.FromMicroseconds(50);
        for (var i = 0; i < Proposals; i++)
        {
            if (!cores[0].Propose(now, data).Accepted)
            {
                throw new InvalidOperationException("the leader takes no proposal");
            }
        }

        Settle();
        if (cores[0].CommitIndex != cores[0].LastIndex)
        {
            throw new InvalidOperationException($"committed up to {cores[0].CommitIndex} of {cores[0].LastIndex}");
        }

        if (committed % 8_192 < (ulong)Proposals)
        {
            Array.ForEach(cores, core => core.Compact(new LogIndex(Math.Min(committed, core.CommitIndex.Value) - 100)));
        }

        return committed;
    }

    private void Settle()
    {
        do
        {
            while (wire.TryDequeue(out var message))
            {
                cores[message.To - 1].Step(now, message);
            }

            Array.ForEach(cores, Drain);
        }
        while (wire.Count > 0);
    }

    private void Drain(RaftCore core)
    {
        while (core.TakeEffects() is { } effects)
        {
            Post(effects.SendNow);
            Post(effects.SendAfterPersist);
            committed = effects.Committed.Count > 0 ? effects.Committed[^1].Index : committed;
            core.Persisted(effects.Batch);
            core.Recycle(effects);
        }
    }

    private void Post(IReadOnlyList<RaftMessage> messages)
    {
        foreach (var message in messages)
        {
            wire.Enqueue(message);
        }
    }
}
