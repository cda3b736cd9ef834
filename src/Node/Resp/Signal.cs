using System.Threading.Tasks.Sources;

namespace Cluster.Node.Resp;

/// <summary>
/// Wakes one waiter, without allocating. A call to <see cref="Set"/> while nobody waits is kept for the next wait, so who checks, then waits, then checks
/// again misses nothing; it may be woken for nothing.
/// </summary>
internal sealed class Signal : IValueTaskSource
{
    private readonly Lock gate = new();
    private ManualResetValueTaskSourceCore<bool> source;
    private bool isSet;
    private bool isWaiting;

    /// <param name="runAsynchronously">Whether the waiter goes on on the thread pool, not inside <see cref="Set"/>.</param>
    public Signal(bool runAsynchronously) => source.RunContinuationsAsynchronously = runAsynchronously;

    public ValueTask WaitAsync()
    {
        lock (gate)
        {
            if (isSet)
            {
                isSet = false;
                return ValueTask.CompletedTask;
            }

            if (isWaiting)
            {
                throw new InvalidOperationException("a signal has one waiter");
            }

            source.Reset();
            isWaiting = true;
            return new ValueTask(this, source.Version);
        }
    }

    public void Set()
    {
        lock (gate)
        {
            if (!isWaiting)
            {
                isSet = true;
                return;
            }

            isWaiting = false;
        }

        source.SetResult(true);
    }

    void IValueTaskSource.GetResult(short token) => source.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => source.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        source.OnCompleted(continuation, state, token, flags);
}
