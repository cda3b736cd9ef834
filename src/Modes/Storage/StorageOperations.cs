using Cluster.Modes.Hosting;

namespace Cluster.Modes.Storage;

/// <summary>
/// The operations of every storage mode, as data. A mode takes those that it has, and adds its dial: arguments that one request can carry. Answers are <see cref="StoredValue"/>,
/// <see cref="StoredWrite"/>, <see cref="StoredKeys"/> and <see cref="KeyWhereabouts"/>.
/// </summary>
public static class StorageOperations
{
    public const string Get = "get";
    public const string Put = "put";
    public const string Delete = "delete";
    public const string CompareAndSet = "cas";
    public const string Scan = "scan";
    public const string Where = "where";

    public const string Key = "key";
    public const string Value = "value";
    public const string Expected = "expected";
    public const string Prefix = "prefix";
    public const string After = "after";
    public const string Limit = "limit";

    /// <summary>What the client has seen, as the mode told it with its last answer: a request with it sees no less. For modes with sessions.</summary>
    public const string Token = "token";

    /// <summary>Keys are addressed over every door, so they must fit a line.</summary>
    public const int KeyBytesMax = 1024;

    /// <summary>What travels between nodes as one message: room for several in one frame.</summary>
    public const int ValueBytesMax = 64 * 1024;

    public const int ScanMax = 1000;

    private static readonly ModeArgument KeyArgument = ModeArgument.Text(Key, "The key.", KeyBytesMax);
    private static readonly ModeArgument ValueArgument = new(Value, ModeArgumentKind.Text, "The value, text.", 0, ValueBytesMax);

    /// <summary>Reads a key: <see cref="StoredValue"/>, its value null where there is none.</summary>
    public static ModeOperation Reading(params IReadOnlyList<ModeArgument> dial) => new(Get, "Reads a key; its value is null where there is none.") { IsRead = true, Arguments = [KeyArgument, .. dial] };

    /// <summary>Writes a key: <see cref="StoredWrite"/>.</summary>
    public static ModeOperation Writing(params IReadOnlyList<ModeArgument> dial) => new(Put, "Writes a key, whatever is there.") { Arguments = [KeyArgument, ValueArgument, .. dial] };

    /// <summary>Takes a key away: <see cref="StoredWrite"/>, also where there is none.</summary>
    public static ModeOperation Deleting(params IReadOnlyList<ModeArgument> dial) => new(Delete, "Takes a key away, if it is there.") { Arguments = [KeyArgument, .. dial] };

    /// <summary>Writes a key if the expected value stands there: <see cref="StoredWrite"/>, or a conflict.</summary>
    public static ModeOperation Comparing(params IReadOnlyList<ModeArgument> dial) => new(CompareAndSet, "Writes a key if the expected value stands there; without one, if there is none.")
    {
        Arguments = [KeyArgument, new ModeArgument(Expected, ModeArgumentKind.Text, "The value that must stand there; left out: none may.", 0, ValueBytesMax).Optional(), ValueArgument, .. dial],
    };

    /// <summary>Lists keys in order: <see cref="StoredKeys"/>.</summary>
    public static ModeOperation Scanning(params IReadOnlyList<ModeArgument> dial) => new(Scan, "Lists keys that begin with a prefix, in order.")
    {
        IsRead = true,
        Arguments =
        [
            ModeArgument.Text(Prefix, "What keys begin with.", KeyBytesMax).Optional(),
            ModeArgument.Text(After, "The last key of the answer before, to go on from there.", KeyBytesMax).Optional(),
            ModeArgument.Number(Limit, "Most keys.", 1, ScanMax).Or("100"),
            .. dial,
        ],
    };

    /// <summary>Tells where a key lives: <see cref="KeyWhereabouts"/>.</summary>
    public static ModeOperation Locating(params IReadOnlyList<ModeArgument> dial) => new(Where, "Tells who owns a key, what each replica has of it, and what waits to be repaired.") { IsRead = true, Arguments = [KeyArgument, .. dial] };
}
