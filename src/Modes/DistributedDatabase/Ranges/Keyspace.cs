using System.Globalization;
using System.Text;

namespace Cluster.Modes.DistributedDatabase.Ranges;

/// <summary>
/// Which range a key is in. Ranges are cut by a hash that is put before the key, as in CockroachDB's hash-sharded indexes: keys that differ in their last digit are in different ranges, so neither a counter of keys
/// nor a transaction on neighbours meets in one place. Within a range keys stand in their order; a scan merges one stream from each.
/// </summary>
public static class Keyspace
{
    /// <summary>Ranges: several for each shard of a small cluster, and few enough that a scan, which reads all of them, stays cheap.</summary>
    public const int Ranges = 16;

    /// <summary>The range of a key, from 0. A hash tag means nothing here: what is kept together elsewhere, so that a transaction can reach it, need not be.</summary>
    public static int RangeOf(string key)
    {
        var hash = 2_166_136_261u; // FNV-1a.
        foreach (var one in Encoding.UTF8.GetBytes(key))
        {
            hash = unchecked((hash ^ one) * 16_777_619u);
        }

        return (int)((hash ^ (hash >> 16)) % Ranges);
    }

    /// <summary>The entity of a range.</summary>
    public static string IdOf(int range) => string.Create(CultureInfo.InvariantCulture, $"r{range}");

    /// <summary>The range of an entity.</summary>
    public static int NumberOf(string id) => int.Parse(id.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture);
}
