namespace Cluster.Node.Resp.Commands;

/// <summary>Expiry times as Redis checks them: positive, and far enough from overflow that the clock can be added.</summary>
internal static class Expiry
{
    /// <summary>Room left for "now" in a signed 64-bit count of milliseconds: until about the year 10,000.</summary>
    private const long ClockRoom = 253_402_300_800_000;

    /// <summary>A life from now on.</summary>
    public static bool TryAfter(long amount, long unitMs, out long ms)
    {
        ms = 0;
        if (amount <= 0 || amount > (long.MaxValue - ClockRoom) / unitMs)
        {
            return false;
        }

        ms = amount * unitMs;
        return true;
    }

    /// <summary>A point in Unix time.</summary>
    public static bool TryAt(long amount, long unitMs, out long ms)
    {
        ms = 0;
        if (amount <= 0 || amount > long.MaxValue / unitMs)
        {
            return false;
        }

        ms = amount * unitMs;
        return true;
    }
}
