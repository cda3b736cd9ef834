using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Serialization;

namespace Cluster.Modes.MultiMaster;

/// <summary>
/// For each replica, how many of its updates are known, all up to that one (Parker et al. 1983). Immutable; in the order of the replicas' names. Written <c>n1.3f:5,n2.0a:7</c>.
/// </summary>
[JsonConverter(typeof(VersionVectorJsonConverter))]
public sealed class VersionVector
{
    /// <summary>A node whose data was lost begins again as another replica, so there are more replicas than nodes, for good. This is hundreds of losses of a large cluster.</summary>
    public const int MostReplicas = 1_000;

    public static readonly VersionVector Zero = new(ImmutableSortedDictionary.Create<string, long>(StringComparer.Ordinal));

    private readonly ImmutableSortedDictionary<string, long> counts;

    private VersionVector(ImmutableSortedDictionary<string, long> counts) => this.counts = counts;

    public bool IsZero => counts.IsEmpty;

    public IEnumerable<KeyValuePair<string, long>> Counts => counts;

    /// <summary>How many updates of that replica; 0 of one that is not known.</summary>
    public long this[string replica] => counts.GetValueOrDefault(replica);

    public bool Covers(Dot dot) => this[dot.Replica] >= dot.Number;

    public bool Covers(VersionVector other) => other.counts.All(count => this[count.Key] >= count.Value);

    public bool Equals(VersionVector other) => counts.Count == other.counts.Count && Covers(other);

    public override bool Equals(object? obj) => obj is VersionVector other && Equals(other);

    public override int GetHashCode() => counts.Aggregate(0, (hash, count) => HashCode.Combine(hash, count.Key, count.Value));

    /// <summary>With that update, and so with all of its replica before it.</summary>
    public VersionVector With(Dot dot) => Covers(dot) ? this : new VersionVector(counts.SetItem(dot.Replica, dot.Number));

    /// <summary>The least that covers both.</summary>
    public VersionVector Join(VersionVector other) => other.counts.Aggregate(this, (joined, count) => joined.With(new Dot(count.Key, count.Value)));

    public override string ToString() => string.Join(',', counts.Select(count => new Dot(count.Key, count.Value)));

    /// <summary>Reads what <see cref="ToString"/> gives. Null where it is none.</summary>
    public static VersionVector? TryParse(string text)
    {
        var read = Zero;
        foreach (var part in text.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            var colon = part.LastIndexOf(':');
            if (colon <= 0 || read.counts.Count == MostReplicas || !long.TryParse(part[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                return null;
            }

            read = read.With(new Dot(part[..colon], number));
        }

        return read;
    }
}
