namespace Cluster.Lab.Clocks;

/// <summary>
/// Time that a client, or a schedule, lets pass. Unlike <see cref="Task.Delay(TimeSpan, TimeProvider, CancellationToken)"/>, whose continuation goes to the thread pool when it is cancelled, this one goes on where it was
/// cancelled: a simulation has one thread, and what leaves it is lost to it.
/// </summary>
public static class Pause
{
    /// <summary>Ends when the time is over or as soon as there is a wish to stop, whichever comes first; the caller looks which.</summary>
    public static async Task ForAsync(TimeSpan span, TimeProvider time, CancellationToken stop)
    {
        var over = new TaskCompletionSource();
        using var timer = time.CreateTimer(static state => ((TaskCompletionSource)state!).TrySetResult(), over, span, Timeout.InfiniteTimeSpan);
        using var registration = stop.UnsafeRegister(static state => ((TaskCompletionSource)state!).TrySetResult(), over);
        await over.Task.ConfigureAwait(false);
    }
}
