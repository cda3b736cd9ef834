namespace Cluster.Lab.Benchmarks.Requests;

/// <summary>SplitMix64 (Steele, Lea and Flood 2014): some nanoseconds for a number, and the same numbers for the same seed.</summary>
public sealed class RandomNumbers(ulong seed)
{
    private ulong state = seed;

    public ulong Next()
    {
        state += 0x9E37_79B9_7F4A_7C15;
        var mixed = (state ^ (state >> 30)) * 0xBF58_476D_1CE4_E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D0_49BB_1331_11EB;
        return mixed ^ (mixed >> 31);
    }

    /// <summary>From 0, below the bound. The high half of a product instead of a remainder: no division, and no bias that a benchmark could show (Lemire 2019).</summary>
    public long Below(long bound) => (long)Math.BigMul(Next(), (ulong)bound, out _);

    /// <summary>From 0, below 1.</summary>
    public double Unit() => (Next() >> 11) * (1.0 / (1UL << 53));
}
