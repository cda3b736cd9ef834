using Cluster.Engine.Actors.Remote;
using Cluster.Engine.KeyValue;
using Cluster.Engine.Port;
using Cluster.Engine.Replication;
using Cluster.Engine.Sharding;
using Cluster.Engine.Sharding.Entities;
using Cluster.Shared.Ids;
using Cluster.Shared.Wire;
using Google.Protobuf;

namespace Cluster.Engine.Tests.Sharding.Entities;

/// <summary>Three replicas of a shard of accounts with the log between them, by hand: what is decided is proposed at once and applied when the test says so.</summary>
internal sealed class ReplicatedEntities
{
    private readonly Queue<(ulong Index, ByteString Entry)> unapplied = new();
    private readonly EntityType type = BankAccount.Type();
    private ulong lastIndex;

    public ReplicatedEntities() => Replicas = [.. Enumerable.Range(0, 3).Select(_ => NewMachine(type))];

    public ShardMachine[] Replicas { get; }

    public int LeaderNumber { get; private set; }

    public ShardMachine Leader => Replicas[LeaderNumber];

    public long Now { get; set; } = 1_000_000;

    public static ShardMachine NewMachine(params EntityType[] types) =>
        new([new KeyValueMachine(), .. new EntityTypes(types, new EntityBoard(new ReplicaBoard())).NewMachines(new ShardId(1))]);

    public ShardRequest Request(string id, object? command, ulong session = 0, ulong sequence = 0) => new()
    {
        Machine = EntityTypes.MachineOf("account"),
        Session = session,
        Sequence = sequence,
        IsRead = command is IEntityQuery,
        Command = new EntityCommand { Entity = id, Passivate = command is null, Command = command is null ? null : Encode(command) }.ToByteString(),
    };

    public ShardDecision Decide(string id, object? command, ulong session = 0, ulong sequence = 0)
    {
        var decision = Leader.Decide(Request(id, command, session, sequence), Now);
        if (decision.Kind == ShardDecisionKind.Propose)
        {
            Leader.Proposed(++lastIndex, decision);
            unapplied.Enqueue((lastIndex, decision.Entry!));
        }

        return decision;
    }

    public void Apply(int most = int.MaxValue)
    {
        while (most-- > 0 && unapplied.TryDequeue(out var next))
        {
            foreach (var replica in Replicas)
            {
                replica.Apply(next.Index, next.Entry);
            }
        }
    }

    public string Run(string id, object? command)
    {
        var decision = Decide(id, command);
        Apply();
        return Words(decision.Reply!);
    }

    public string Query(string id, object query, int replica) => Words(Replicas[replica].Query(Request(id, query), Now).Reply!);

    /// <summary>The leader is lost, with what it proposed and did not apply.</summary>
    public void ChangeLeader(int next)
    {
        unapplied.Clear();
        Leader.DropProposed();
        LeaderNumber = next;
    }

    public string Words(ByteString reply)
    {
        var parsed = EntityReply.Parser.ParseFrom(reply);
        if (parsed.Status != EntityStatus.Ok)
        {
            return $"{parsed.Status}: {parsed.Detail}";
        }

        if (parsed.Reply is null)
        {
            return "Done";
        }

        Assert.True(type.Codec.TryDecode(new EncodedMessage(parsed.Reply.Type, parsed.Reply.Version, parsed.Reply.Payload.Memory), out var message, out var error), error);
        return ((Balance)message).Amount.ToString(System.Globalization.CultureInfo.InvariantCulture);
    }

    public static byte[] SnapshotOf(ShardMachine machine)
    {
        using var snapshot = machine.TakeSnapshot();
        var stream = new MemoryStream();
        snapshot.WriteTo(stream);
        return stream.ToArray();
    }

    public void AssertReplicasEqual() => Assert.All(Replicas, replica =>
    {
        Assert.Equal(Leader.StateHash, replica.StateHash);
        Assert.Equal(SnapshotOf(Leader), SnapshotOf(replica));
    });

    private EntityMessage Encode(object command)
    {
        Assert.True(type.Codec.TryEncode(command, out var encoded, out var error), error);
        return new EntityMessage { Type = encoded.Type, Version = encoded.Version, Payload = ByteString.CopyFrom(encoded.Payload.Span) };
    }
}
