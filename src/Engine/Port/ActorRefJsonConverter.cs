using System.Text.Json;
using System.Text.Json.Serialization;

namespace Cluster.Engine.Port;

/// <summary>
/// Writes a reference inside a message as its full path with uid, and reads it back as a reference of the receiving system.
/// Which system that is, the engine's codec says round each call by <see cref="Use"/>: a source-generated serializer knows none.
/// </summary>
public sealed class ActorRefJsonConverter : JsonConverter<IActorRef>
{
    [ThreadStatic]
    private static Scope current;

    /// <summary>Sets the address that local references are written with and how paths are read, on this thread; gives what to <see cref="Restore"/> afterwards.</summary>
    public static Scope Use(ActorAddress? local, Func<string, IActorRef>? resolve)
    {
        var outer = current;
        current = new Scope(local, resolve);
        return outer;
    }

    /// <summary>Goes back to what <see cref="Use"/> replaced.</summary>
    public static void Restore(Scope outer) => current = outer;

    public override IActorRef? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.String || !ActorPath.TryParse(reader.GetString(), out var path))
        {
            throw new JsonException("An actor reference must be a path such as cluster://n1@127.0.0.1:4053/user/name");
        }

        return current.Resolve is { } resolve
            ? resolve(path.ToSerializationFormat(null))
            : throw new JsonException($"No actor system here can resolve {path}");
    }

    public override void Write(Utf8JsonWriter writer, IActorRef value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.Path.ToSerializationFormat(current.Local));

    /// <summary>What references are written and read with.</summary>
    public readonly record struct Scope(ActorAddress? Local, Func<string, IActorRef>? Resolve);
}
