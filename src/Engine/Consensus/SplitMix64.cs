namespace Cluster.Engine.Consensus;

/// <summary>
/// The core's own random source (Steele, Lea, Flood 2014): a seed fixes every election timeout, so that a run replays on any runtime.
/// Not for secrets.
/// </summary>
internal struct SplitMix64(ulong seed)
{
    private ulong state = seed;

    public ulong Next()
    {
        state += 0x9E3779B97F4A7C15;
        var mixed = state;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }

    /// <summary>At least <paramref name="min"/>, less than <paramref name="max"/>; <paramref name="min"/> when they are equal.</summary>
    public TimeSpan Between(TimeSpan min, TimeSpan max)
    {
        var span = (ulong)(max - min).Ticks;
        return span == 0 ? min : min + TimeSpan.FromTicks((long)(Next() % span));
    }
}
