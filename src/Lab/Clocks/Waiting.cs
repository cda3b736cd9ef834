namespace Cluster.Lab.Clocks;

/// <summary>
/// Waiting whose end lets the waiter go on where the timer fires or the token is cancelled, on that thread. <see cref="Task.Delay(TimeSpan, TimeProvider, CancellationToken)"/> sends a
/// cancelled waiter to the thread pool; in a simulation, which has one thread, the run could then not be repeated.
/// </summary>
public static class Waiting
{
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    public static Task DelayAsync(this TimeProvider time, TimeSpan span, CancellationToken cancellation)
    {
        if (cancellation.IsCancellationRequested)
        {
            return Task.FromCanceled(cancellation);
        }

        return span <= TimeSpan.Zero ? Task.CompletedTask : new Wait(time, span, cancellation).Task;
    }

    private sealed class Wait : TaskCompletionSource
    {
        private readonly ITimer timer;
        private readonly CancellationTokenRegistration registration;

        public Wait(TimeProvider time, TimeSpan span, CancellationToken cancellation)
        {
            // Not yet running: its callback must find both fields set.
            timer = time.CreateTimer(static wait => ((Wait)wait!).End(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            registration = cancellation.UnsafeRegister(static (wait, token) => ((Wait)wait!).Cancel(token), this);
            timer.Change(span, Timeout.InfiniteTimeSpan);
        }

        private void End()
        {
            registration.Dispose();
            timer.Dispose();
            TrySetResult();
        }

        private void Cancel(CancellationToken token)
        {
            timer.Dispose();
            TrySetCanceled(token);
        }
    }
}
