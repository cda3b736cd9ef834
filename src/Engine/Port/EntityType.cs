using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using Cluster.Engine.Actors.Remote;

namespace Cluster.Engine.Port;

/// <summary>
/// A kind of entity: its stable name, its decider, how its records are written, and when it is put to rest. The name and the type ids stand in logs and
/// snapshots: they never change their meaning. All nodes of a cluster must be started with the same types.
/// </summary>
public abstract partial class EntityType
{
    private protected EntityType(string name)
    {
        if (!Label().IsMatch(name))
        {
            throw new ArgumentException($"'{name}' is not a name for an entity type: 1 to 64 of letters, digits, '-', '_' and '.'", nameof(name));
        }

        Name = name;
    }

    public string Name { get; }

    /// <summary>How long an entity may be idle before it is kept as bytes only; the next command wakes it. Akka's default.</summary>
    public TimeSpan PassivateAfter { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How commands, events and replies are written.</summary>
    public abstract IMessageCodec Codec { get; }

    /// <summary>Lets an engine make what is typed by the entity's own types.</summary>
    public abstract T Accept<T>(IEntityTypeVisitor<T> visitor);

    [GeneratedRegex(@"\A[A-Za-z0-9._-]{1,64}\z")]
    private static partial Regex Label();
}

/// <inheritdoc/>
public sealed class EntityType<TState, TCommand, TEvent> : EntityType
    where TState : notnull
    where TCommand : class
    where TEvent : class
{
    private readonly MessageRegistry messages = new() { MaxPayloadBytes = EntityLimits.MaxMessageBytes };
    private readonly SortedDictionary<uint, Func<ReadOnlyMemory<byte>, TState?>> readers = [];
    private readonly JsonTypeInfo<TState> json;

    /// <param name="stateVersion">Of the state's shape; a changed shape is a new version, and <see cref="UpcastState"/> keeps older ones readable.</param>
    public EntityType(string name, IDecider<TState, TCommand, TEvent> decider, uint stateVersion, JsonTypeInfo<TState> state)
        : base(name)
    {
        (Decider, StateVersion, json) = (decider, stateVersion, state);
        readers.Add(stateVersion, bytes => JsonSerializer.Deserialize(bytes.Span, state));
    }

    public IDecider<TState, TCommand, TEvent> Decider { get; }

    /// <summary>The version that states are written with.</summary>
    public uint StateVersion { get; }

    public override IMessageCodec Codec => messages;

    /// <summary>A record that is a command, an event or a reply of this type.</summary>
    /// <exception cref="ArgumentException">The id with this version, or the record, is there already.</exception>
    public EntityType<TState, TCommand, TEvent> Message<T>(string typeId, uint version, JsonTypeInfo<T> json)
        where T : class
    {
        messages.Register(typeId, version, json);
        return this;
    }

    /// <summary>Reads an older version of a record, and makes what it became.</summary>
    /// <exception cref="ArgumentException">The id with this version is there already.</exception>
    public EntityType<TState, TCommand, TEvent> Upcast<TOld, TNew>(string typeId, uint oldVersion, JsonTypeInfo<TOld> json, Func<TOld, TNew> upcast)
        where TOld : class
        where TNew : class
    {
        messages.Upcast(typeId, oldVersion, json, upcast);
        return this;
    }

    /// <summary>Reads states that an older version of the program wrote.</summary>
    /// <exception cref="ArgumentException">The version is there already.</exception>
    public EntityType<TState, TCommand, TEvent> UpcastState<TOld>(uint oldVersion, JsonTypeInfo<TOld> json, Func<TOld, TState> upcast)
        where TOld : class
    {
        readers.Add(oldVersion, bytes => JsonSerializer.Deserialize(bytes.Span, json) is { } old ? upcast(old) : default);
        return this;
    }

    public override T Accept<T>(IEntityTypeVisitor<T> visitor) => visitor.Visit(this);

    public byte[] WriteState(TState state) => JsonSerializer.SerializeToUtf8Bytes(state, json);

    /// <summary>Whether states of this version can be read.</summary>
    public bool KnowsState(uint version) => readers.ContainsKey(version);

    /// <exception cref="InvalidDataException">The version is not known here, or the bytes are no such state.</exception>
    public TState ReadState(uint version, ReadOnlyMemory<byte> bytes)
    {
        if (!readers.TryGetValue(version, out var read))
        {
            throw new InvalidDataException($"a state of entity type '{Name}' has version {version}; this program reads {string.Join(", ", readers.Keys)}: start it with the version that wrote it");
        }

        try
        {
            return read(bytes) ?? throw new InvalidDataException($"a state of entity type '{Name}' is null");
        }
        catch (JsonException damaged)
        {
            throw new InvalidDataException($"a state of entity type '{Name}', version {version}, cannot be read: {damaged.Message}", damaged);
        }
    }
}
