namespace Cluster.Engine.Membership;

/// <summary>How quick and how sure a <see cref="PhiAccrualDetector"/> is. The defaults suspect a silent peer after about 1.8 s.</summary>
public sealed record PhiAccrualOptions
{
    /// <summary>Longest time any of the options below may be: keeps the window's sums of squares in 64 bits.</summary>
    public static readonly TimeSpan LongestInterval = TimeSpan.FromSeconds(60);

    /// <summary>Most samples a window may have, for the same reason.</summary>
    public const int MostSamples = 2_000;

    /// <summary>Suspicion from which a peer counts as unavailable: at 8, one wrong suspicion in 10^8 if arrivals are as regular as the window says.</summary>
    public double Threshold { get; init; } = 8;

    /// <summary>Inter-arrival times remembered: 200 are 40 s at five heartbeats a second, so that the estimate follows a network that got slower.</summary>
    public int MaxSamples { get; init; } = 200;

    /// <summary>
    /// Least standard deviation assumed. A quiet loopback has nearly none, and the first scheduling delay would then look like a crash.
    /// </summary>
    public TimeSpan MinStdDeviation { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// Silence that is accepted on top of the estimated interval: covers a collected heap or a loaded disk. Failover does not wait for this detector
    /// (elections have their own timeout), so it may be patient.
    /// </summary>
    public TimeSpan AcceptablePause { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The interval assumed before any was measured, with a quarter of it as deviation.</summary>
    public TimeSpan FirstHeartbeatEstimate { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <exception cref="ArgumentException">An option is out of its bounds; the message names it.</exception>
    internal void Validate()
    {
        if (!(Threshold > 0 && Threshold < PhiAccrualDetector.MaxPhi))
        {
            throw new ArgumentException($"{nameof(Threshold)} is {Threshold}; it must lie above 0 and below {PhiAccrualDetector.MaxPhi}");
        }

        if (MaxSamples is < 2 or > MostSamples)
        {
            throw new ArgumentException($"{nameof(MaxSamples)} is {MaxSamples}; it must lie between 2 and {MostSamples}");
        }

        Require(MinStdDeviation, nameof(MinStdDeviation), TimeSpan.FromTicks(TimeSpan.TicksPerMillisecond));
        Require(AcceptablePause, nameof(AcceptablePause), TimeSpan.Zero);
        Require(FirstHeartbeatEstimate, nameof(FirstHeartbeatEstimate), TimeSpan.FromTicks(TimeSpan.TicksPerMillisecond));
    }

    private static void Require(TimeSpan value, string option, TimeSpan least)
    {
        if (value < least || value > LongestInterval)
        {
            throw new ArgumentException($"{option} is {value}; it must lie between {least} and {LongestInterval}");
        }
    }
}
