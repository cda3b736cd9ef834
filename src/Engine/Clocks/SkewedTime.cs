namespace Cluster.Engine.Clocks;

/// <summary>
/// Another clock, seen wrong: its wall clock is off by a skew that may jump, and both its clocks run at a rate. Both may be changed while it is used; the
/// monotonic clock never goes back all the same, and timers fire by it, also those set before a change. Any thread may use and change it.
/// </summary>
/// <remarks>Leases trust clocks to be off by 5 % at most (<see cref="Consensus.RaftOptions.MaxClockDrift"/>): a rate beyond that may break lease reads, and nothing else.</remarks>
public sealed partial class SkewedTime : TimeProvider
{
    /// <summary>Slower, a node would be taken for dead by those who wait for it: that is what a pause is for.</summary>
    public const double RateMin = 0.5;

    /// <summary>Faster, its election timeouts would be shorter than others' heartbeats.</summary>
    public const double RateMax = 2;

    /// <summary>A clock that is off by more is found by anybody; and keys that expire by it would not come back.</summary>
    public static readonly TimeSpan SkewMax = TimeSpan.FromHours(1);

    private readonly TimeProvider inner;
    private readonly Lock gate = new();
    private readonly HashSet<SkewedTimer> armed = [];

    /// <summary>Null for the moment in which it changes: whoever reads then waits for the next one.</summary>
    private Setting? setting;

    public SkewedTime(TimeProvider inner)
    {
        this.inner = inner;
        var now = inner.GetTimestamp();
        setting = new Setting(now, now, TimeSpan.Zero, 1);
    }

    /// <summary>How one stretch of time is seen: from <paramref name="InnerStart"/> on, which this clock shows as <paramref name="OwnStart"/>.</summary>
    private sealed record Setting(long InnerStart, long OwnStart, TimeSpan Skew, double Rate)
    {
        public long Own(long inner) => OwnStart + Elapsed(inner);

        /// <summary>The right rate is not multiplied with: a sum of rounded parts would drift.</summary>
        public long Elapsed(long inner) => Rate == 1 ? inner - InnerStart : (long)((inner - InnerStart) * Rate);
    }

    public TimeSpan Skew => Current.Skew;

    public double Rate => Current.Rate;

    public override long TimestampFrequency => inner.TimestampFrequency;

    public override TimeZoneInfo LocalTimeZone => inner.LocalTimeZone;

    private Setting Current
    {
        get
        {
            var spin = default(SpinWait);
            while (true)
            {
                if (Volatile.Read(ref setting) is { } known)
                {
                    return known;
                }

                spin.SpinOnce();
            }
        }
    }

    public override long GetTimestamp() => Read(out _).Own;

    public override DateTimeOffset GetUtcNow()
    {
        var (_, ahead) = Read(out var known);
        return inner.GetUtcNow() + known.Skew + TimeSpan.FromTicks((long)((double)ahead / TimestampFrequency * TimeSpan.TicksPerSecond));
    }

    /// <summary>
    /// From now on the clocks run at that rate, and the wall clock, set right first, is off by that skew: it may jump, the monotonic clock goes on from where it is.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The rate or the skew is out of its bounds.</exception>
    public void Set(TimeSpan skew, double rate)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(skew.Duration(), SkewMax, nameof(skew));
        if (!(rate >= RateMin && rate <= RateMax))
        {
            throw new ArgumentOutOfRangeException(nameof(rate), rate, FormattableString.Invariant($"a clock runs at {RateMin} to {RateMax} times the right rate"));
        }

        lock (gate)
        {
            // Nobody may read the old setting's time after the new one has begun: at a higher rate it would be ahead of it.
            var old = Interlocked.Exchange(ref setting, null)!;
            var now = inner.GetTimestamp();
            Volatile.Write(ref setting, new Setting(now, old.Own(now), skew, rate));
            foreach (var timer in armed)
            {
                timer.Arm();
            }
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var timer = new SkewedTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>The monotonic time, and how far it has run ahead of the inner clock since the last setting; both of one moment.</summary>
    private (long Own, long Ahead) Read(out Setting known)
    {
        while (true)
        {
            known = Current;
            var now = inner.GetTimestamp();
            if (Volatile.Read(ref setting) == known)
            {
                var elapsed = known.Elapsed(now);
                return (known.OwnStart + elapsed, elapsed - (now - known.InnerStart));
            }
        }
    }
}
