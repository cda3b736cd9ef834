using Cluster.Modes.Hosting;
using Cluster.Modes.Storage;

namespace Cluster.Modes.MultiMaster;

/// <summary>What clients may ask, with every bound: the storage contract's operations without compare-and-set, which no node could judge alone, and those of the replicated data types.</summary>
internal static class MultiMasterOperations
{
    public const string Increment = "increment";
    public const string Add = "add";
    public const string Remove = "remove";
    public const string SetField = "set-field";
    public const string RemoveField = "remove-field";
    public const string Digest = "digest";

    public const string Type = "type";
    public const string Context = "context";
    public const string By = "by";
    public const string Member = "member";
    public const string Field = "field";

    /// <summary>Elements and names of fields are compared, listed and sent with every change.</summary>
    private const int ElementBytesMax = 1024;

    /// <summary>A version vector of <see cref="VersionVector.MostReplicas"/> replicas with names of ordinary length.</summary>
    private const int ContextBytesMax = 64 * 1024;

    private static readonly ModeArgument Key = ModeArgument.Text(StorageOperations.Key, "The key.", StorageOperations.KeyBytesMax);
    private static readonly ModeArgument Token = ModeArgument.Text(StorageOperations.Token, "The token of the answer before: what is written with it is later than all that the client has seen.", 64).Optional();
    private static readonly ModeArgument AnyType = ModeArgument.Choice(Type, "What the key holds; left out: whatever it is.", "lww", "siblings", "counter", "set", "map").Optional();

    public static IReadOnlyList<ModeOperation> All { get; } =
    [
        StorageOperations.Reading(AnyType, Token),
        StorageOperations.Writing(
            ModeArgument.Choice(Type, "How values that are written side by side are merged: lww keeps the later one, siblings keeps them all. Left out: as the key is, lww for a new one.", "lww", "siblings").Optional(),
            new ModeArgument(Context, ModeArgumentKind.Text, "Of siblings: the version of the answer that the writer has read, whose values it replaces; empty: none; left out: those that the asked node has.", 0, ContextBytesMax).Optional(),
            Token),
        StorageOperations.Deleting(AnyType, Token),
        StorageOperations.Scanning(),
        StorageOperations.Locating(),
        new(Increment, "Counts a counter up, or down with a negative number.") { Arguments = [Key, ModeArgument.Number(By, "How far.", -1_000_000_000, 1_000_000_000).Or("1")] },
        new(Add, "Puts a member into a set. An addition wins over a removal that has not seen it.") { Arguments = [Key, ModeArgument.Text(Member, "The member.", ElementBytesMax)] },
        new(Remove, "Takes a member out of a set, as far as the asked node has heard of it.") { Arguments = [Key, ModeArgument.Text(Member, "The member.", ElementBytesMax)] },
        new(SetField, "Writes a field of a map. A write wins over a removal that has not seen it; of two writes side by side the later is read.")
        {
            Arguments = [Key, ModeArgument.Text(Field, "The field.", ElementBytesMax), new ModeArgument(StorageOperations.Value, ModeArgumentKind.Text, "The value, text.", 0, StorageOperations.ValueBytesMax), Token],
        },
        new(RemoveField, "Takes a field out of a map, as far as the asked node has heard of it.") { Arguments = [Key, ModeArgument.Text(Field, "The field.", ElementBytesMax), Token] },
        new(Digest, "Tells a hash over all that the asked node has: equal where replicas have converged.") { IsRead = true },
    ];
}
