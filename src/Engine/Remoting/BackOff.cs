namespace Cluster.Engine.Remoting;

/// <summary>How long to wait before dialling again: doubles from the minimum to the maximum, the upper half of it random so that nodes do not dial in step.</summary>
internal static class BackOff
{
    /// <param name="failures">Failed attempts in a row; 0 waits not at all.</param>
    public static TimeSpan After(int failures, RemotingOptions options, Random random)
    {
        if (failures == 0)
        {
            return TimeSpan.Zero;
        }

        var ceiling = Math.Min(options.BackOffMax.TotalMilliseconds, options.BackOffMin.TotalMilliseconds * Math.Pow(2, Math.Min(failures, 20)));
        double share;
        lock (random)
        {
            share = random.NextDouble();
        }

        return TimeSpan.FromMilliseconds((ceiling / 2) + (share * ceiling / 2));
    }
}
