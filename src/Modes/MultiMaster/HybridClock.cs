namespace Cluster.Modes.MultiMaster;

/// <summary>
/// The hybrid logical clock of one replica (Kulkarni et al. 2014, section 3.3): what happens after something that it has seen gets a later time than that, whatever the wall clocks say, and the time stays as near to
/// the wall clocks as these are to each other.
/// </summary>
/// <param name="trustsWallClock">Only in a broken variant: the time is the wall clock's, whatever was seen.</param>
internal sealed class HybridClock(bool trustsWallClock = false)
{
    /// <summary>The latest time given or seen.</summary>
    public HybridTimestamp Last { get; private set; }

    /// <summary>The time of an event here.</summary>
    /// <param name="wallMs">What the wall clock says.</param>
    public HybridTimestamp Next(long wallMs) => Last = trustsWallClock || wallMs > Last.Ms
        ? new HybridTimestamp(wallMs, 0)
        : Last.Count < int.MaxValue ? new HybridTimestamp(Last.Ms, Last.Count + 1) : new HybridTimestamp(Last.Ms + 1, 0);

    /// <summary>Somebody else's time: what happens here from now on is later.</summary>
    public void Saw(HybridTimestamp other) => Last = other > Last ? other : Last;
}
