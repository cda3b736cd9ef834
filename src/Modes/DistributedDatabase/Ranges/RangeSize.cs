using Cluster.Modes.Storage;

namespace Cluster.Modes.DistributedDatabase.Ranges;

/// <summary>
/// Bytes that the parts of a range have in JSON, at most: names of members and numbers are a sum for each. A range that grew over <see cref="Engine.Port.EntityLimits.MaxStateBytes"/> could not even take a deletion any more, so what
/// makes it grow is refused before, and what ends or takes away is not.
/// </summary>
internal static class RangeSize
{
    /// <summary>A record, with 16 ranges and its reason.</summary>
    public const int Record = 512;

    private const int OfOne = 160;

    public static long Of(string key, KeyVersion version) =>
        OfOne + JsonLength.Of(version.Value) + (RangeDecider.IsIndexed(version.Value) ? OfOne + JsonLength.Of(version.Value) + JsonLength.Of(key) : 0);

    public static long Of(Row row) => OfKey(row.Key) + row.Versions.Sum(version => Of(row.Key, version));

    public static long OfKey(string key) => OfOne + JsonLength.Of(key);

    public static long Of(Intent intent) => (2 * OfOne) + JsonLength.Of(intent.Key) + JsonLength.Of(intent.Value) + JsonLength.Of(intent.Transaction);

    public static long Of(Outcome outcome) =>
        OfOne + JsonLength.Of(outcome.Request) + JsonLength.Of(outcome.Refusal)
        + outcome.Results.Sum(result => OfOne + JsonLength.Of(result.Value) + (result.Rows?.Sum(row => OfOne + JsonLength.Of(row.Key) + JsonLength.Of(row.Value)) ?? 0));
}
