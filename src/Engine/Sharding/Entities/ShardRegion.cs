using System.Text;
using Cluster.Engine.Actors;
using Cluster.Engine.Actors.Remote;
using Cluster.Engine.Port;
using Cluster.Engine.Sharding.Client;
using Cluster.Shared.Ids;
using Cluster.Shared.Results;
using Cluster.Shared.Slots;
using Cluster.Shared.Wire;
using Google.Protobuf;

namespace Cluster.Engine.Sharding.Entities;

/// <summary>
/// One node's way to the entities of one type: an id has a hash slot as a key has, its slot a shard, and the shard's leader decides. Retries and
/// exactly-once come from the <see cref="ShardClient"/> and the shard's sessions.
/// </summary>
internal sealed class ShardRegion : IShardRegion
{
    private readonly ShardClient shards;
    private readonly IShardTable table;
    private readonly uint machine;

    public ShardRegion(ActorSystem system, EntityType type, ShardClient shards, IShardTable table)
    {
        (this.shards, this.table, Type, machine) = (shards, table, type, EntityTypes.MachineOf(type.Name));
        Ref = system.SystemActorOf(Props.Create(() => new ShardRegionActor(this)), $"sharding-{type.Name}");
    }

    public EntityType Type { get; }

    public IActorRef Ref { get; }

    /// <summary>The shard that holds an entity; the control plane's, while there is no shard table.</summary>
    public ShardId ShardOf(string entityId) => table.ShardOf(SlotOf(entityId));

    public Task<TReply> AskAsync<TReply>(string entityId, object command, TimeSpan timeout, CancellationToken cancellation = default) =>
        AskAsync<TReply>(entityId, command, ReadConsistency.Linearizable, timeout, cancellation);

    public Task<TReply> AskStaleAsync<TReply>(string entityId, IEntityQuery query, TimeSpan timeout, CancellationToken cancellation = default) =>
        AskAsync<TReply>(entityId, query, ReadConsistency.Stale, timeout, cancellation);

    /// <summary>The reply, <see cref="Done"/>, <see cref="EntityRefused"/> or <see cref="EntityUnavailable"/>. Never throws for what a cluster can do to a request.</summary>
    /// <param name="timeout">Null for the node's own patience with requests.</param>
    public async ValueTask<object> SendAsync(string entityId, object command, ReadConsistency consistency, TimeSpan? timeout, CancellationToken cancellation)
    {
        if (EntityWire.WhyNotId(entityId) is { } why)
        {
            return Refused(entityId, why);
        }

        var request = new EntityCommand { Entity = entityId, Passivate = command is Passivate };
        if (!request.Passivate)
        {
            if (!Type.Codec.TryEncode(command, out var encoded, out var error))
            {
                return Refused(entityId, $"{error}; name it in the entity type by Message");
            }

            request.Command = new EntityMessage { Type = encoded.Type, Version = encoded.Version, Payload = UnsafeByteOperations.UnsafeWrap(encoded.Payload) };
        }

        var shard = ShardOf(entityId);
        if (shard.IsControl)
        {
            return Unavailable(entityId, new ClusterError(ErrorCode.Unavailable, "the cluster has no shard table yet: it is still forming"));
        }

        var shardRequest = new ShardRequest { Shard = shard.Value, Machine = machine, Consistency = consistency, IsRead = command is IEntityQuery, Command = request.ToBytes() };
        var result = await shards.ExecuteAsync(shard, shardRequest, cancellation, timeout).ConfigureAwait(false);
        return result.Error == ErrorCode.None ? Read(entityId, result.Reply!) : Unavailable(entityId, new ClusterError(result.Error, result.Message));
    }

    private async Task<TReply> AskAsync<TReply>(string entityId, object command, ReadConsistency consistency, TimeSpan timeout, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(entityId);
        ArgumentNullException.ThrowIfNull(command);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(timeout, TimeSpan.Zero);
        return await SendAsync(entityId, command, consistency, timeout, cancellation).ConfigureAwait(false) switch
        {
            TReply reply => reply,
            EntityRefused refused => throw new EntityRefusedException(refused),
            EntityUnavailable unavailable => throw new EntityUnavailableException(unavailable),
            var other => throw new InvalidCastException($"The ask expects {typeof(TReply).Name}, but {Type.Name} '{entityId}' answered {other.GetType().Name}"),
        };
    }

    private static int SlotOf(string entityId)
    {
        Span<byte> name = stackalloc byte[EntityLimits.MaxIdBytes];
        return HashSlot.Of(name[..Encoding.UTF8.GetBytes(entityId, name)]);
    }

    private object Read(string entityId, ByteString bytes)
    {
        var reply = EntityReply.Parser.ParseFrom(bytes);
        if (reply.Status != EntityStatus.Ok)
        {
            return Refused(entityId, reply.Detail);
        }

        if (reply.Reply is not { } record)
        {
            return Done.Instance;
        }

        return Type.Codec.TryDecode(new EncodedMessage(record.Type, record.Version, record.Payload.Memory), out var message, out var error)
            ? message
            : Unavailable(entityId, new ClusterError(ErrorCode.OutcomeUnknown, $"it took effect, but its reply '{record.Type}' version {record.Version} cannot be read here: {error}"));
    }

    private EntityRefused Refused(string entityId, string why) => new(Type.Name, entityId, why);

    private EntityUnavailable Unavailable(string entityId, ClusterError error) => new(Type.Name, entityId, error);
}
