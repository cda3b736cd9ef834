using System.Globalization;

namespace Cluster.Modes.DistributedDatabase.Timestamps;

/// <summary>
/// A point in the order of all transactions. Its upper bits are a tick of the oracle, which is given out once in the cluster; its lower bits count what one range has written by itself since the newest tick that it knows.
/// </summary>
public static class Timestamp
{
    /// <summary>A range can write so many times, a million, before it needs a new tick.</summary>
    public const int LocalBits = 20;

    public static long OfTick(long tick) => tick << LocalBits;

    public static long TickOf(long at) => at >> LocalBits;

    /// <summary>The next that a range may use by itself; null where it needs a new tick.</summary>
    public static long? After(long at) => TickOf(at + 1) == TickOf(at) ? at + 1 : null;

    /// <summary><c>17</c>, or <c>17+3</c>: the third write of a range after it knew of tick 17.</summary>
    public static string Text(long at)
    {
        var local = at & ((1L << LocalBits) - 1);
        return local == 0 ? TickOf(at).ToString(CultureInfo.InvariantCulture) : string.Create(CultureInfo.InvariantCulture, $"{TickOf(at)}+{local}");
    }
}
