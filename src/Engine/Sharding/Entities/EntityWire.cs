using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Cluster.Engine.Actors.Remote;
using Cluster.Engine.Port;
using Cluster.Shared.Wire;
using Google.Protobuf;

namespace Cluster.Engine.Sharding.Entities;

/// <summary>Between an entity type's records and their bytes: bounds are checked here, and what cannot be read says why.</summary>
internal sealed class EntityWire<TCommand, TEvent>(string typeName, IMessageCodec codec)
    where TCommand : class
    where TEvent : class
{
    /// <summary>Reads what a region sent; a null command asks for passivation.</summary>
    public bool TryRead(ByteString bytes, out (string Entity, TCommand? Command) asked, [NotNullWhen(false)] out ByteString? bad)
    {
        (asked, bad) = (default, null);
        EntityCommand command;
        try
        {
            command = EntityCommand.Parser.ParseFrom(bytes);
        }
        catch (InvalidProtocolBufferException damaged)
        {
            bad = Bad($"the command cannot be read: {damaged.Message}");
            return false;
        }

        if (EntityWire.WhyNotId(command.Entity) is { } why)
        {
            bad = Bad(why);
            return false;
        }

        if (command.Passivate)
        {
            asked = (command.Entity, null);
            return true;
        }

        if (!TryDecode(command.Command, out TCommand? order, out var error))
        {
            bad = Bad($"it is no command of entity type {typeName}: {error}");
            return false;
        }

        asked = (command.Entity, order);
        return true;
    }

    /// <exception cref="InvalidOperationException">An event is not registered with the type, or they are too large: the decider's words are refused.</exception>
    public ByteString WriteEvents(string entity, ImmutableArray<TEvent> events)
    {
        var entry = new EntityEvents { Entity = entity };
        foreach (var happens in events)
        {
            entry.Events.Add(EntityWire.Encode(codec, happens));
        }

        var bytes = entry.ToBytes();
        return bytes.Length <= EntityLimits.MaxDecisionBytes
            ? bytes
            : throw new InvalidOperationException($"its {events.Length} events take {bytes.Length} bytes, more than {EntityLimits.MaxDecisionBytes}");
    }

    /// <exception cref="InvalidDataException">The entry is damaged, or of a version of the type that this program does not know.</exception>
    public (string Entity, List<TEvent> Events) ReadEvents(ulong index, ByteString entry)
    {
        EntityEvents parsed;
        try
        {
            parsed = EntityEvents.Parser.ParseFrom(entry);
        }
        catch (InvalidProtocolBufferException damaged)
        {
            throw new InvalidDataException($"Log entry {index} holds no events of entity type {typeName}: {damaged.Message}", damaged);
        }

        var events = new List<TEvent>(parsed.Events.Count);
        foreach (var record in parsed.Events)
        {
            events.Add(TryDecode(record, out TEvent? happened, out var error)
                ? happened
                : throw new InvalidDataException($"Log entry {index}: event '{record.Type}' version {record.Version} of {typeName} '{parsed.Entity}' cannot be read: {error}; start this node with the version its cluster runs"));
        }

        return (parsed.Entity, events);
    }

    /// <summary>An entry that puts an entity to rest.</summary>
    public ByteString Rest(string entity) => new EntityEvents { Entity = entity }.ToBytes();

    public ByteString Ok(object? reply) => new EntityReply { Reply = reply is null or Done ? null : EntityWire.Encode(codec, reply) }.ToBytes();

    public ByteString Refused(string why) => new EntityReply { Status = EntityStatus.Refused, Detail = why }.ToBytes();

    public ByteString Bad(string why) => new EntityReply { Status = EntityStatus.BadCommand, Detail = why }.ToBytes();

    private bool TryDecode<T>(EntityMessage? record, [NotNullWhen(true)] out T? message, [NotNullWhen(false)] out string? error)
        where T : class
    {
        message = null;
        if (record is null)
        {
            error = "it is missing";
            return false;
        }

        if (!codec.TryDecode(new EncodedMessage(record.Type, record.Version, record.Payload.Memory), out var decoded, out error))
        {
            return false;
        }

        message = decoded as T;
        error = message is null ? $"'{record.Type}' is a {decoded.GetType().Name}, no {typeof(T).Name}" : null;
        return message is not null;
    }
}

/// <summary>What needs no types: shared by machines and regions.</summary>
internal static class EntityWire
{
    /// <summary>What is wrong with an entity's id; null when nothing is.</summary>
    public static string? WhyNotId(string id) => id.Length == 0
        ? "an entity's id must not be empty"
        : id.Length > EntityLimits.MaxIdBytes || Encoding.UTF8.GetByteCount(id) > EntityLimits.MaxIdBytes
            ? $"an entity's id may have {EntityLimits.MaxIdBytes} bytes of UTF-8; this one has {Encoding.UTF8.GetByteCount(id)}"
            : null;

    /// <exception cref="InvalidOperationException">The record is not registered with the type, or too large.</exception>
    public static EntityMessage Encode(IMessageCodec codec, object message) => codec.TryEncode(message, out var encoded, out var error)
        ? new EntityMessage { Type = encoded.Type, Version = encoded.Version, Payload = UnsafeByteOperations.UnsafeWrap(encoded.Payload) }
        : throw new InvalidOperationException(error);
}
