using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Cluster.Engine.Port;
using Google.Protobuf;

namespace Cluster.Engine.Actors.Remote;

/// <summary>
/// The one list of message types that travel between nodes. A type id never changes its meaning; a changed shape is a new version, and
/// <see cref="Upcast{TOld, TNew}"/> keeps an older one readable. Types not registered here do not leave the node.
/// </summary>
public sealed class MessageRegistry : IMessageCodec
{
    private readonly ConcurrentDictionary<Type, Writer> writers = new();
    private readonly ConcurrentDictionary<(string Type, uint Version), Func<ReadOnlyMemory<byte>, object?>> readers = new();

    public MessageRegistry()
    {
        Register("actors.watch", 1, WatchMessagesJson.Default.WatchRemote);
        Register("actors.unwatch", 1, WatchMessagesJson.Default.UnwatchRemote);
        Register("actors.watch-accepted", 1, WatchMessagesJson.Default.WatchAccepted);
        Register("actors.terminated", 1, WatchMessagesJson.Default.TerminatedRemote);
        RegisterConstant("actors.poison-pill", 1, PoisonPill.Instance);
        RegisterConstant("actors.kill", 1, Kill.Instance);
    }

    /// <summary>Largest payload that is written or read, in bytes: larger things belong on the bulk lane, in chunks.</summary>
    public int MaxPayloadBytes { get; init; } = 1 << 20;

    /// <summary>A record written as JSON by its source-generated serializer.</summary>
    /// <exception cref="ArgumentException">The id with this version, or the type, is registered already.</exception>
    public MessageRegistry Register<T>(string typeId, uint version, JsonTypeInfo<T> json)
        where T : class
    {
        Add<T>(typeId, version, message => JsonSerializer.SerializeToUtf8Bytes((T)message, json).AsMemory());
        AddReader(typeId, version, payload => JsonSerializer.Deserialize(payload.Span, json));
        return this;
    }

    /// <summary>A protobuf message.</summary>
    /// <inheritdoc cref="Register{T}(string, uint, JsonTypeInfo{T})"/>
    public MessageRegistry Register<T>(string typeId, uint version, MessageParser<T> parser)
        where T : class, IMessage<T>
    {
        Add<T>(typeId, version, message => ((T)message).ToByteArray().AsMemory());
        AddReader(typeId, version, payload => parser.ParseFrom(payload.Span));
        return this;
    }

    /// <summary>A message without content, of which there is one instance.</summary>
    /// <inheritdoc cref="Register{T}(string, uint, JsonTypeInfo{T})"/>
    public MessageRegistry RegisterConstant<T>(string typeId, uint version, T instance)
        where T : class
    {
        Add<T>(typeId, version, static _ => ReadOnlyMemory<byte>.Empty);
        AddReader(typeId, version, _ => instance);
        return this;
    }

    /// <summary>Reads an older version of a type, and makes what it became.</summary>
    /// <inheritdoc cref="Register{T}(string, uint, JsonTypeInfo{T})"/>
    public MessageRegistry Upcast<TOld, TNew>(string typeId, uint oldVersion, JsonTypeInfo<TOld> json, Func<TOld, TNew> upcast)
        where TOld : class
        where TNew : class
    {
        AddReader(typeId, oldVersion, payload => JsonSerializer.Deserialize(payload.Span, json) is { } old ? upcast(old) : null);
        return this;
    }

    public bool TryEncode(object message, out EncodedMessage encoded, [NotNullWhen(false)] out string? error)
    {
        encoded = default;
        error = null;
        if (!writers.TryGetValue(message.GetType(), out var writer))
        {
            error = $"{message.GetType().Name} is not registered as a message between nodes";
            return false;
        }

        try
        {
            var payload = writer.Write(message);
            if (payload.Length > MaxPayloadBytes)
            {
                error = $"'{writer.TypeId}' takes {payload.Length} bytes, more than {MaxPayloadBytes}";
                return false;
            }

            encoded = new EncodedMessage(writer.TypeId, writer.Version, payload);
            return true;
        }
        catch (Exception cause)
        {
            error = $"'{writer.TypeId}' could not be written: {cause.Message}";
            return false;
        }
    }

    public bool TryDecode(in EncodedMessage encoded, [NotNullWhen(true)] out object? message, [NotNullWhen(false)] out string? error)
    {
        message = null;
        error = null;
        if (!readers.TryGetValue((encoded.Type, encoded.Version), out var read))
        {
            error = "this type and version are not registered here";
            return false;
        }

        if (encoded.Payload.Length > MaxPayloadBytes)
        {
            error = $"it takes {encoded.Payload.Length} bytes, more than {MaxPayloadBytes}";
            return false;
        }

        try
        {
            message = read(encoded.Payload);
            error = message is null ? "it is empty" : null;
        }
        catch (Exception cause)
        {
            // Whatever a constructor or parser makes of foreign bytes, it must not reach the link they came by.
            error = cause.Message;
        }

        return message is not null;
    }

    private void Add<T>(string typeId, uint version, Func<object, ReadOnlyMemory<byte>> write)
    {
        if (!writers.TryAdd(typeof(T), new Writer(typeId, version, write)))
        {
            throw new ArgumentException($"{typeof(T).Name} is registered already, as '{writers[typeof(T)].TypeId}'");
        }
    }

    private void AddReader(string typeId, uint version, Func<ReadOnlyMemory<byte>, object?> read)
    {
        if (!readers.TryAdd((typeId, version), read))
        {
            throw new ArgumentException($"'{typeId}' version {version} is registered already");
        }
    }

    private sealed record Writer(string TypeId, uint Version, Func<object, ReadOnlyMemory<byte>> Write);
}
