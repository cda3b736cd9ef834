using System.Text.Json;
using Cluster.Engine.Port;
using Cluster.Modes.Hosting;
using Cluster.Modes.Storage;
using Cluster.Shared.Results;

namespace Cluster.Modes.MultiMaster;

/// <summary>
/// The replica of one node, which is also its clients' door: what it writes it answers once this node's disk has it, and then tells the others. Nothing of its state leaves it before it is durable.
/// </summary>
/// <param name="core">The replica's state.</param>
internal sealed partial class MultiMasterActor(IModeNode node, MultiMasterCore core) : PersistentActor
{
    /// <summary>Events that have room to finish what is under way when the disk stands still.</summary>
    private const int SpareEvents = 1_000;

    protected override string PersistenceId => MultiMasterMode.Slug;

    private long WallMs => Context.System.Time.GetUtcNow().ToUnixTimeMilliseconds();

    protected override void ReceiveRecover(object message)
    {
        switch (message)
        {
            case SnapshotOffer { Snapshot: var bytes }:
                core.Restore(JsonSerializer.Deserialize(bytes, MultiMasterJson.Default.ReplicaSnapshot)!);
                break;
            case ReplicaBorn born:
                core.Born(born.Replica);
                break;
            case ObjectWritten written:
                core.Take(written);
                break;
            case ObjectsMerged merged:
                Merge(merged.Objects);
                break;
            case ClockRaised raised:
                core.Raise(raised.Known);
                break;
            case RecoveryCompleted:
                WakeIfNeeded();
                break;
        }
    }

    protected override void ReceiveCommand(object message)
    {
        if (message is ModeRequest request)
        {
            Serve(request);
        }
        else if (!HearReplica(message))
        {
            Unhandled(message);
        }
    }

    protected override byte[] TakeSnapshot() => JsonSerializer.SerializeToUtf8Bytes(core.Snapshot(), MultiMasterJson.Default.ReplicaSnapshot);

    private void Serve(ModeRequest request)
    {
        switch (request.Operation)
        {
            case StorageOperations.Get:
                Answer(Read(request));
                break;
            case StorageOperations.Scan:
                Answer(ModeAnswer.Ok(core.Scan(request.Find(StorageOperations.Prefix) ?? "", request.Find("after"), (int)request.Number(StorageOperations.Limit)), StorageJson.Default.StoredKeys));
                break;
            case StorageOperations.Where:
                Xray(request.Text(StorageOperations.Key));
                break;
            case MultiMasterOperations.Digest:
                Answer(ModeAnswer.Ok(new ReplicaDigest(node.Name.ToString(), core.Replica, core.Hash, core.Objects, core.Known.ToString()), MultiMasterJson.Default.ReplicaDigest));
                break;
            default:
                Write(request);
                break;
        }
    }

    private ModeAnswer Read(ModeRequest request) => !RequestReading.TryReadToken(request, out var token)
        ? ModeAnswer.Failed(new ClusterError(ErrorCode.BadRequest, "token is what an answer of this mode told, unchanged"))
        : core.Read(request.Text(StorageOperations.Key), MultiMasterCore.TypeOf(request.Find(MultiMasterOperations.Type)), token, out var value) is { } why
            ? ModeAnswer.Conflict(why)
            : ModeAnswer.Ok(value with { From = node.Name.ToString() }, StorageJson.Default.StoredValue);

    private void Write(ModeRequest request)
    {
        var client = Sender;
        if (IsBehind(SpareEvents))
        {
            client.Tell(ModeAnswer.Failed(new ClusterError(ErrorCode.Overloaded, $"the disk of {node.Name} has not taken its last {PendingEvents} writes")), Self);
            return;
        }

        BeBorn();
        var move = RequestReading.Write(core, request, WallMs);
        if (move.Refusal is { } refusal)
        {
            Answer(ModeAnswer.Failed(refusal));
            return;
        }

        var answer = ModeAnswer.Ok(new StoredWrite(request.Text(StorageOperations.Key), move.Version) { Copies = move.Written is null ? null : 1, Token = move.Token }, StorageJson.Default.StoredWrite);
        if (move.Written is not { } taken)
        {
            Answer(answer);
            return;
        }

        PersistAsync(taken, written =>
        {
            client.Tell(answer, Self);
            foreach (var other in Others())
            {
                ReplicaOn(other).Tell(written, Self);
            }
        });
        WakeIfNeeded();
    }

    /// <summary>A replica has a name from its first write on: another one than any that this node had before its disk was lost, whose updates the others still know.</summary>
    private void BeBorn()
    {
        if (core.Replica.Length == 0)
        {
            var born = new ReplicaBorn(FormattableString.Invariant($"{node.Name}.{Context.System.Random.NextInt64():x16}"));
            core.Born(born.Replica);
            PersistAsync(born, static _ => { });
        }
    }

    /// <summary>Answers whoever asks, once everything that the answer may rest on is durable.</summary>
    private void Answer(ModeAnswer answer) => Send(Sender, answer);

    /// <summary>Sends once everything that is in the state now is durable.</summary>
    private void Send(IActorRef to, object message) => DeferAsync(() => to.Tell(message, Self));
}
