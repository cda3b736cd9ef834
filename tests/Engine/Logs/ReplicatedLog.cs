using Cluster.Engine.Logs;
using Cluster.Engine.Port;
using Cluster.Engine.Sharding;
using Cluster.Shared.Wire;
using Google.Protobuf;

namespace Cluster.Engine.Tests.Logs;

/// <summary>A leader and a follower of one shard's partitions: what is decided here is proposed at once, and applied when the test says so. Both must be equal whenever nothing is under way.</summary>
internal sealed class ReplicatedLog
{
    private readonly Queue<(ulong Index, ByteString Event)> underWay = new();
    private ulong index;

    public LogMachine Leader { get; private set; } = new();

    public LogMachine Follower { get; private set; } = new();

    public long NowMs { get; set; } = 1_000_000;

    /// <summary>Decides and proposes; nothing is applied yet.</summary>
    public LogReply Propose(params IEnumerable<LogStep> steps)
    {
        var decision = Leader.Decide(new LogCommand { Transaction = new LogTransaction { Steps = { steps } } }.ToByteString(), NowMs);
        if (decision.Outcome == MachineOutcome.Changed)
        {
            Propose(decision);
        }

        return LogReply.Parser.ParseFrom(decision.Reply);
    }

    /// <summary>The same, applied at once.</summary>
    public LogReply Do(params IEnumerable<LogStep> steps)
    {
        var reply = Propose(steps);
        ApplyAll();
        return reply;
    }

    public void ApplyAll()
    {
        while (underWay.TryDequeue(out var entry))
        {
            Leader.Apply(entry.Index, entry.Event, NowMs);
            Follower.Apply(entry.Index, entry.Event, NowMs);
        }

        Assert.Equal(Leader.StateHash, Follower.StateHash);
    }

    /// <summary>What was proposed is lost with the leader's term.</summary>
    public void Lose()
    {
        underWay.Clear();
        Leader.DropProposed();
    }

    /// <summary>Everything that time and size do by now.</summary>
    /// <returns>How many entries it took.</returns>
    public int DoDue()
    {
        var entries = 0;
        while (Leader.TryDecideDue(NowMs, 256, out var decision))
        {
            Propose(decision);
            ApplyAll();
            Assert.True(++entries < 1_000, "it is never done");
        }

        return entries;
    }

    /// <summary>Both go on from what a snapshot of the leader holds.</summary>
    public void Restore()
    {
        var stream = new MemoryStream();
        using (var snapshot = Leader.TakeSnapshot())
        {
            snapshot.WriteTo(stream);
        }

        var before = Leader.StateHash;
        (Leader, Follower) = (Restored(), Restored());
        Assert.Equal(before, Leader.StateHash);

        LogMachine Restored()
        {
            var machine = new LogMachine();
            machine.Restore(new MemoryStream(stream.ToArray()));
            return machine;
        }
    }

    public LogReply Ask(LogCommand command) => LogReply.Parser.ParseFrom(Follower.Query(command.ToByteString(), NowMs, stale: true, out _));

    /// <summary>Everything from an offset on, batch after batch.</summary>
    public IReadOnlyList<LogRecord> Read(string partition, ulong from = 0)
    {
        var records = new List<LogRecord>();
        for (var reply = Fetch(partition, from); ; reply = Fetch(partition, reply.NextOffset))
        {
            Assert.Equal(LogStatus.Ok, reply.Status);
            records.AddRange(reply.Records(from).Select(record => record.Record));
            if (reply.NextOffset == reply.End)
            {
                return records;
            }
        }
    }

    public LogReply Fetch(string partition, ulong offset) => Ask(new LogCommand { Fetch = new LogFetch { Partition = partition, Offset = offset, MaxBytes = 4_096 } });

    private void Propose(in MachineDecision decision)
    {
        Leader.Proposed(++index, decision);
        underWay.Enqueue((index, decision.Event));
    }
}
