namespace Cluster.Engine.Clocks;

/// <content>Timers: each is one of the inner clock, set for when this clock will show the time, and set anew when its rate changes.</content>
public sealed partial class SkewedTime
{
    private sealed class SkewedTimer : ITimer
    {
        /// <summary>The longest that the system's timers take, in milliseconds; what is left then is waited for anew.</summary>
        private const double LongestMs = uint.MaxValue - 1;

        private readonly SkewedTime time;
        private readonly TimerCallback callback;
        private readonly object? state;
        private readonly ITimer beneath;
        private long due;
        private TimeSpan period;
        private bool isArmed;

        public SkewedTimer(SkewedTime time, TimerCallback callback, object? state)
        {
            (this.time, this.callback, this.state) = (time, callback, state);
            beneath = time.inner.CreateTimer(static timer => ((SkewedTimer)timer!).OnDue(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        public bool Change(TimeSpan dueTime, TimeSpan newPeriod)
        {
            lock (time.gate)
            {
                Disarm();
                period = newPeriod;
                if (dueTime < TimeSpan.Zero)
                {
                    return beneath.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                }

                due = time.GetTimestamp() + Ticks(dueTime);
                isArmed = Arm();
                if (isArmed)
                {
                    time.armed.Add(this);
                }

                return isArmed;
            }
        }

        /// <summary>Sets the inner timer for what is left by the rate of now. Under the clock's lock.</summary>
        public bool Arm()
        {
            var left = Math.Max(0, due - time.GetTimestamp()) / time.Rate / time.TimestampFrequency;

            // Up to the next millisecond: the system's timers cut off what is less, and would fire before this clock shows the time.
            return beneath.Change(TimeSpan.FromMilliseconds(Math.Min(Math.Ceiling(left * 1000), LongestMs)), Timeout.InfiniteTimeSpan);
        }

        public void Dispose()
        {
            lock (time.gate)
            {
                Disarm();
            }

            beneath.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            lock (time.gate)
            {
                Disarm();
            }

            return beneath.DisposeAsync();
        }

        private void OnDue()
        {
            lock (time.gate)
            {
                if (!isArmed)
                {
                    return; // It was changed or disposed while this call was on its way.
                }

                if (time.GetTimestamp() < due)
                {
                    Arm(); // It was set by a faster clock.
                    return;
                }

                if (period > TimeSpan.Zero)
                {
                    due += Ticks(period);
                    Arm();
                }
                else
                {
                    Disarm();
                }
            }

            callback(state);
        }

        private void Disarm()
        {
            isArmed = false;
            time.armed.Remove(this);
        }

        private long Ticks(TimeSpan own) => (long)(own.TotalSeconds * time.TimestampFrequency);
    }
}
