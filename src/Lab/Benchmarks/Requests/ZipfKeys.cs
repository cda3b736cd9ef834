namespace Cluster.Lab.Benchmarks.Requests;

/// <summary>
/// A few keys are asked for most of the time: the i-th most popular with a likelihood in proportion to 1/i^0.99, as YCSB does, drawn in constant time (Gray et al.,
/// "Quickly generating billion-record synthetic databases", 1994). Popular keys are strewn over the key space, so over the shards, too.
/// </summary>
public sealed class ZipfKeys : IKeyChooser
{
    /// <summary>YCSB's skew.</summary>
    public const double Skew = 0.99;

    /// <summary>A prime over every number of keys there may be, so that multiplying by it strews ranks over keys one to one.</summary>
    private const long Strewing = 2_654_435_761;

    private readonly long keys;
    private readonly double alpha = 1 / (1 - Skew);
    private readonly double zeta;
    private readonly double eta;

    public ZipfKeys(long keys)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(keys);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(keys, Strewing);
        this.keys = keys;
        for (var rank = 1L; rank <= keys; rank++)
        {
            zeta += Weight(rank);
        }

        eta = (1 - Math.Pow(2.0 / keys, 1 - Skew)) / (1 - ((1 + Weight(2)) / zeta));
    }

    public long Next(RandomNumbers random) => KeyOf(NextRank(random));

    /// <summary>The key of the i-th popular rank, from 0.</summary>
    public long KeyOf(long rank) => rank * Strewing % keys;

    private long NextRank(RandomNumbers random)
    {
        var unit = random.Unit();
        var scaled = unit * zeta;
        if (scaled < 1 || keys == 1)
        {
            return 0;
        }

        return scaled < 1 + Weight(2) ? 1 : Math.Min(keys - 1, (long)(keys * Math.Pow((eta * unit) - eta + 1, alpha)));
    }

    private static double Weight(long rank) => Math.Pow(rank, -Skew);
}
