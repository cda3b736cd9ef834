using System.Globalization;
using System.Text;
using Cluster.Shared.Slots;

namespace Cluster.Modes.Sharded;

/// <summary>
/// The three ways to cut a key space: each table is cut by one of them. A key's <b>place</b> is what its shard is found by: the hash slot, the key itself, or the group that it belongs to.
/// </summary>
public static class Partitioning
{
    /// <summary>By hash slot: load spreads evenly, keys that are near each other do not stay together.</summary>
    public const string Hash = "hash";

    /// <summary>By ranges of keys: neighbours stay together, so a scan asks few shards, and a run of new keys meets one.</summary>
    public const string Range = "range";

    /// <summary>By a directory of groups: somebody says what goes where.</summary>
    public const string List = "list";

    public static readonly IReadOnlyList<string> Tables = [Hash, Range, List];

    /// <summary>Ends the group of a key of the list table: <c>de:berlin</c> is of the group <c>de</c>.</summary>
    private const char GroupEnd = ':';

    /// <summary>Compared ordinally.</summary>
    public static string PlaceOf(string table, string key) => table switch
    {
        Hash => Slot(HashSlot.Of(Encoding.UTF8.GetBytes(key))),
        List => key.IndexOf(GroupEnd, StringComparison.Ordinal) is >= 0 and var at ? key[..at] : key,
        _ => key,
    };

    /// <summary>A slot as a place: four digits, so that text sorts as numbers do.</summary>
    public static string Slot(int slot) => slot.ToString("x4", CultureInfo.InvariantCulture);
}
