using System.Text.Json.Serialization;

namespace Cluster.Modes.ClientServer;

// Between a node, which is a client, and the server.

/// <summary>One call of a client. It is sent again until it is answered, and takes effect once.</summary>
/// <param name="Client">The session: one life of one node's door.</param>
/// <param name="Number">Of the call within the session, from 1.</param>
/// <param name="FirstOpen">Every call before this one has been answered, so what the server kept of them can go (RIFL, Lee et al. 2015, section 4).</param>
/// <param name="Value">What to write; null: nothing, for a deletion.</param>
/// <param name="Expected">With <see cref="ServerOperation.CompareAndSet"/>: what must stand there; null: nothing.</param>
public sealed record ServerCall(string Client, long Number, long FirstOpen, ServerOperation Operation, string Key, string? Value = null, string? Expected = null);

/// <summary>What a client may call.</summary>
public enum ServerOperation
{
    Get,
    Put,
    Delete,
    CompareAndSet,
}

/// <summary>Answers a call: what it did is on the server's disk.</summary>
/// <param name="Value">Of a read; null where there is nothing.</param>
/// <param name="Version">Writes to the key so far; 0 where there never was one.</param>
/// <param name="IsConflict">Another value stood there than expected; nothing has changed.</param>
/// <param name="Replaced">Of a write: there was a value before.</param>
public sealed record ServerAnswer(long Number, string? Value, long Version, bool IsConflict = false, bool Replaced = false);

/// <summary>Answers a call of which no copy will ever be carried out: its client has too many open, which is as true of each copy.</summary>
public sealed record ServerRefused(long Number, string Why);

// What the server keeps.

/// <summary>What a call has come to. What it is answered is part of that, so that it can be answered again after a restart.</summary>
public abstract record ServerEvent(string Client, long Number, long FirstOpen);

/// <summary>A key was written, by that call.</summary>
/// <param name="Value">Null: the key was taken away.</param>
/// <param name="Version">Of the key, from 1.</param>
/// <param name="Replaced">There was a value before.</param>
public sealed record KeyWritten(string Client, long Number, long FirstOpen, string Key, string? Value, long Version, bool Replaced = false) : ServerEvent(Client, Number, FirstOpen);

/// <summary>That call's comparison has failed. Durable as a write is: another copy of the call may come when the comparison would hold, and the client has been told that it changed nothing.</summary>
/// <param name="Version">Of the key that it was compared with.</param>
public sealed record CallDenied(string Client, long Number, long FirstOpen, long Version) : ServerEvent(Client, Number, FirstOpen);

/// <summary>The server's state after some event, for its journal.</summary>
public sealed record ServerSnapshot(IReadOnlyList<StoredEntry> Keys, IReadOnlyList<ClientSession> Clients);

/// <summary>A key as it stands. Its version stays when it is taken away.</summary>
public sealed record StoredEntry(string Key, string? Value, long Version);

/// <summary>What the server keeps of a client, in the order in which it last heard of them.</summary>
/// <param name="Done">Calls that took effect or were denied, and that the client may still ask for.</param>
public sealed record ClientSession(string Client, long FirstOpen, IReadOnlyList<ServerAnswer> Done);

// Which node is the server: an entity, so that all nodes agree, and for good.

/// <summary>What the place of the server can be asked.</summary>
public abstract record PlaceCommand;

/// <summary>Names the server, if nobody has been named.</summary>
public sealed record ClaimPlace(string Node) : PlaceCommand;

/// <summary>That node is the server, and answers <see cref="ClaimPlace"/>.</summary>
public sealed record PlaceClaimed(string Node);

/// <summary>How all of it is written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ServerCall))]
[JsonSerializable(typeof(ServerAnswer))]
[JsonSerializable(typeof(ServerRefused))]
[JsonSerializable(typeof(KeyWritten))]
[JsonSerializable(typeof(CallDenied))]
[JsonSerializable(typeof(ServerSnapshot))]
[JsonSerializable(typeof(ClaimPlace))]
[JsonSerializable(typeof(PlaceClaimed))]
internal sealed partial class ClientServerJson : JsonSerializerContext;
