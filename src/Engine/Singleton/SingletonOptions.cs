using Cluster.Engine.ControlPlane;

namespace Cluster.Engine.Singleton;

/// <summary>Times and bounds of singletons. The same on every node: one node's takeover rests on another's lease.</summary>
public sealed record SingletonOptions
{
    /// <summary>
    /// How long a node may run a singleton since it asked the control plane's leader, which a majority confirmed, and was told that the singleton is its own. Longer than
    /// a failover of the control plane, so that one stops nothing.
    /// </summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How often a node that runs a singleton asks: four times in a lease.</summary>
    public TimeSpan RenewInterval { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How far a clock's rate may be off, either way; as for Raft's leases.</summary>
    public double MaxClockDrift { get; init; } = 0.05;

    /// <summary>How long a singleton's node may be silent, or not offer itself any more, before the singleton is placed elsewhere. Longer than the lease: by then it has stopped.</summary>
    public TimeSpan Margin { get; init; } = SingletonPlacement.DefaultMargin;

    /// <summary>How often each node looks at what it should run.</summary>
    public TimeSpan TickInterval { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Messages that a proxy keeps while the singleton is nowhere; then the oldest is dropped. Akka's default.</summary>
    public int BufferSize { get; init; } = 1_000;

    /// <summary>
    /// How long the next node waits, when the one before it has not said that it stopped: the lease on the slowest clock must have ended on the fastest. Whatever
    /// was granted, was asked for before the move was decided.
    /// </summary>
    internal TimeSpan TakeoverWait => Lease * ((1 + MaxClockDrift) / (1 - MaxClockDrift));

    /// <exception cref="ArgumentException">An option is out of its bounds; the message names it.</exception>
    internal SingletonOptions Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(RenewInterval, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(TickInterval, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(BufferSize, 1);
        if (Lease < RenewInterval * 2 || MaxClockDrift is < 0 or > 0.5 || Margin <= TakeoverWait)
        {
            throw new ArgumentException(
                $"{nameof(Lease)} {Lease}, {nameof(RenewInterval)} {RenewInterval}, {nameof(Margin)} {Margin}, {nameof(MaxClockDrift)} {MaxClockDrift}: the lease must last two renewals, and the margin longer than the lease with its drift, {TakeoverWait}");
        }

        return this;
    }
}
