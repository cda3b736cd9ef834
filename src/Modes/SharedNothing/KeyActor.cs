using System.Globalization;
using System.Text;
using Cluster.Engine.Port;
using Cluster.Modes.Hosting;
using Cluster.Modes.Storage;
using Cluster.Shared.KeyValue;
using Cluster.Shared.Results;
using Cluster.Shared.Wire;

namespace Cluster.Modes.SharedNothing;

/// <summary>One request about one key: a command to its shard, and the answer in the contract's words.</summary>
internal sealed class KeyActor(IModeNode node, ModeRequest asked, ReadConsistency consistency, IActorRef client) : Actor
{
    private readonly string key = asked.Text(StorageOperations.Key);

    protected override void PreStart() => node.Keys.Tell(Command(), Self, consistency);

    protected override void Receive(object message)
    {
        client.Tell(
            message switch
            {
                KvReply reply => Answer(reply),
                KeysUnavailable unavailable => ModeAnswer.Failed(unavailable.Error),
                _ => throw new InvalidOperationException($"{message.GetType().Name} answers nothing that was asked"),
            },
            Self);
        Context.Stop(Self);
    }

    /// <summary>A revision as the contract's version.</summary>
    public static string? Version(ulong revision) => revision == 0 ? null : revision.ToString(CultureInfo.InvariantCulture);

    private KvCommand Command()
    {
        var name = Encoding.UTF8.GetBytes(key);
        return asked.Operation switch
        {
            StorageOperations.Put => KvCommands.Put(name, Value),
            StorageOperations.Delete => KvCommands.Delete(name),
            StorageOperations.CompareAndSet when asked.Find(StorageOperations.Expected) is { } expected => KvCommands.Put(name, Value).OnlyIfValue(Encoding.UTF8.GetBytes(expected)),
            StorageOperations.CompareAndSet => KvCommands.Put(name, Value).OnlyIfAbsent(),
            _ => KvCommands.Get(name),
        };
    }

    private byte[] Value => Encoding.UTF8.GetBytes(asked.Text(StorageOperations.Value));

    private ModeAnswer Answer(KvReply reply) => (reply.Status, asked.Operation) switch
    {
        (KvStatus.Ok or KvStatus.NotFound, StorageOperations.Get) => Read(reply),
        (KvStatus.Ok or KvStatus.NotFound, StorageOperations.Delete) => Written(reply.Status == KvStatus.Ok, version: null),
        (KvStatus.Ok, StorageOperations.CompareAndSet) => Written(asked.Find(StorageOperations.Expected) is not null, Version(reply.Revision)),
        (KvStatus.Ok, _) => Written(replaced: null, Version(reply.Revision)),
        (KvStatus.ConditionFailed, _) => ModeAnswer.Conflict($"another value stands at {key}"),
        _ => ModeAnswer.Failed(new ClusterError(ErrorCode.BadRequest, reply.Detail.Length > 0 ? reply.Detail : $"the store answered {reply.Status}")),
    };

    private ModeAnswer Written(bool? replaced, string? version) => ModeAnswer.Ok(new StoredWrite(key, version) { Replaced = replaced }, StorageJson.Default.StoredWrite);

    private ModeAnswer Read(KvReply reply) => reply.Status == KvStatus.NotFound || !reply.HasValue
        ? ModeAnswer.Ok(new StoredValue(key, null, null), StorageJson.Default.StoredValue)
        : StorageText.TryRead(reply.Value.Span, out var value)
            ? ModeAnswer.Ok(new StoredValue(key, value, Version(reply.Revision)), StorageJson.Default.StoredValue)
            : ModeAnswer.Failed(new ClusterError(ErrorCode.BadRequest, $"what stands at {key} is no UTF-8: it was written to database 0, which keeps any bytes; read it there"));
}
