namespace Cluster.Simulator.Stage;

/// <summary>
/// Calls of the engine that are under way. The engine ends a call in a way that would let its waiter go on in the thread pool; here the simulator's one thread looks, after
/// each instant, which calls are over, in the order in which they were made, and lets their waiters go on itself. So a run stays the same every time.
/// </summary>
internal sealed class EngineCalls
{
    private readonly List<ICall> open = [];
    private readonly int thread = Environment.CurrentManagedThreadId;

    /// <param name="isGone">Whether whoever was asked is gone, or has taken too long: nobody will ever answer.</param>
    /// <param name="ifGone">What is concluded then.</param>
    public Task<T> WaitAsync<T>(ValueTask<T> call, Func<bool> isGone, T ifGone)
    {
        if (Environment.CurrentManagedThreadId != thread)
        {
            throw new InvalidOperationException("a client has left the simulator's thread: its run could not be repeated");
        }

        if (call.IsCompletedSuccessfully)
        {
            return Task.FromResult(call.Result);
        }

        var waiting = new Call<T>(call.AsTask(), isGone, ifGone);
        open.Add(waiting);
        return waiting.Waiter.Task;
    }

    /// <summary>Ends what is over; what its waiters begin is left for the next look.</summary>
    public void Settle()
    {
        for (var at = 0; at < open.Count;)
        {
            var call = open[at];
            if (!call.IsOver)
            {
                at++;
                continue;
            }

            open.RemoveAt(at);
            call.End();
        }
    }

    private interface ICall
    {
        bool IsOver { get; }

        void End();
    }

    private sealed class Call<T>(Task<T> task, Func<bool> isGone, T ifGone) : ICall
    {
        public TaskCompletionSource<T> Waiter { get; } = new();

        public bool IsOver => task.IsCompleted || isGone();

        public void End()
        {
            if (task.IsCompleted)
            {
                Waiter.SetFromTask(task);
            }
            else
            {
                Waiter.SetResult(ifGone);
            }
        }
    }
}
