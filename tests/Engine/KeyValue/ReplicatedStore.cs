using Cluster.Engine.KeyValue;
using Cluster.Engine.Sharding;
using Cluster.Shared.Wire;
using Google.Protobuf;

namespace Cluster.Engine.Tests.KeyValue;

/// <summary>
/// Three replicas of one shard and the log between them, by hand: what is decided is proposed at once and applied when the test says so. Each replica has a
/// clock of its own.
/// </summary>
internal sealed class ReplicatedStore
{
    private readonly Queue<(ulong Index, ByteString Entry)> unapplied = new();
    private ulong lastIndex;

    public ReplicatedStore(SessionOptions? sessions = null)
    {
        Replicas = [.. Enumerable.Range(0, 3).Select(_ => new ShardMachine(sessions ?? new SessionOptions(), new KeyValueMachine()))];
        Skew = new long[3];
    }

    public ShardMachine[] Replicas { get; }

    /// <summary>What each replica's clock is ahead, in milliseconds.</summary>
    public long[] Skew { get; }

    public int LeaderNumber { get; set; }

    public ShardMachine Leader => Replicas[LeaderNumber];

    /// <summary>True time, Unix milliseconds.</summary>
    public long Now { get; set; } = 1_000_000;

    public long LeaderNow => Now + Skew[LeaderNumber];

    /// <summary>Every applied entry, by index.</summary>
    public List<(ulong Index, ByteString Entry)> Log { get; } = [];

    /// <summary>Decides on the leader and proposes; the reply is what the leader predicts.</summary>
    public ShardDecision Decide(KvCommand command, ulong session = 0, ulong sequence = 0, ulong acknowledgedBelow = 0) => Decide(new ShardRequest
    {
        Machine = KeyValueMachine.Id,
        Command = command.ToByteString(),
        Session = session,
        Sequence = sequence,
        AcknowledgedBelow = acknowledgedBelow,
    });

    public ShardDecision Decide(ShardRequest request)
    {
        var decision = Leader.Decide(request, LeaderNow);
        if (decision.Kind == ShardDecisionKind.Propose)
        {
            Propose(decision);
        }

        return decision;
    }

    /// <summary>One bite of active expiry on the leader.</summary>
    /// <returns>The keys that the proposed entry expires; null when none is due.</returns>
    public List<string>? DecideExpiry(int max)
    {
        if (Leader.DecideExpiry(LeaderNow, max) is not { } decision)
        {
            return null;
        }

        Propose(decision);
        var events = KvEvents.Parser.ParseFrom(ShardEntry.Parser.ParseFrom(decision.Entry).Event).Events;
        Assert.All(events, change => Assert.Equal(KvEventKind.Expired, change.Kind));
        return [.. events.Select(change => change.Key.ToStringUtf8())];
    }

    /// <summary>Applies everything proposed, on every replica; the replies that the leader gives, by index.</summary>
    public Dictionary<ulong, ByteString?> Apply(int most = int.MaxValue)
    {
        var replies = new Dictionary<ulong, ByteString?>();
        while (most-- > 0 && unapplied.TryDequeue(out var next))
        {
            Log.Add(next);
            foreach (var replica in Replicas)
            {
                var reply = replica.Apply(next.Index, next.Entry);
                if (replica == Leader)
                {
                    replies[next.Index] = reply;
                }
            }
        }

        return replies;
    }

    /// <summary>Decides, applies everywhere, and gives the reply.</summary>
    public KvReply Run(KvCommand command, ulong session = 0, ulong sequence = 0, ulong acknowledgedBelow = 0)
    {
        var decision = Decide(command, session, sequence, acknowledgedBelow);
        var replies = Apply();
        Assert.True(decision.Kind is ShardDecisionKind.Propose or ShardDecisionKind.Answer, decision.Message);
        if (decision.Kind == ShardDecisionKind.Propose)
        {
            Assert.Equal(decision.Reply, replies[lastIndex]);
        }

        return KvReply.Parser.ParseFrom(decision.Reply);
    }

    /// <summary>A read the way a leader serves it: from applied state, by a decision if one is needed.</summary>
    public KvReply Read(KvCommand command)
    {
        var answer = Leader.Query(new ShardRequest { Machine = KeyValueMachine.Id, Command = command.ToByteString(), IsRead = true }, LeaderNow);
        return answer.NeedsDecision ? Run(command) : KvReply.Parser.ParseFrom(answer.Reply);
    }

    public KvReply ReadStale(KvCommand command, int replica)
    {
        var request = new ShardRequest { Machine = KeyValueMachine.Id, Command = command.ToByteString(), IsRead = true, Consistency = ReadConsistency.Stale };
        var answer = Replicas[replica].Query(request, Now + Skew[replica]);
        Assert.False(answer.NeedsDecision);
        return KvReply.Parser.ParseFrom(answer.Reply);
    }

    /// <summary>The leader is lost with what was not applied; another one takes over.</summary>
    public void ChangeLeader(int next)
    {
        unapplied.Clear();
        Leader.DropProposed();
        LeaderNumber = next;
    }

    /// <summary>Replicas of one log are equal: in their hashes, and byte for byte in their snapshots.</summary>
    public void AssertReplicasEqual(bool snapshots = false)
    {
        Assert.All(Replicas, replica => Assert.Equal(Leader.StateHash, replica.StateHash));
        Assert.All(Replicas, replica => Assert.Equal(Leader.StateBytes, replica.StateBytes));
        if (snapshots)
        {
            var expected = SnapshotOf(Leader).ToArray();
            Assert.All(Replicas, replica => Assert.Equal(expected, SnapshotOf(replica).ToArray()));
        }
    }

    public static MemoryStream SnapshotOf(ShardMachine machine)
    {
        using var snapshot = machine.TakeSnapshot();
        return Written(snapshot);
    }

    public static MemoryStream Written(ShardSnapshot snapshot)
    {
        var stream = new MemoryStream();
        snapshot.WriteTo(stream);
        stream.Position = 0;
        return stream;
    }

    private void Propose(in ShardDecision decision)
    {
        Leader.Proposed(++lastIndex, decision);
        unapplied.Enqueue((lastIndex, decision.Entry!));
    }
}
