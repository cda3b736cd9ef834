namespace Cluster.Engine.Actors.Dispatchers;

/// <summary>Runs actors on the process's thread pool: no thread per actor, no allocation per run.</summary>
public sealed class ThreadPoolDispatcher : IDispatcher
{
    public static readonly ThreadPoolDispatcher Instance = new();

    private ThreadPoolDispatcher()
    {
    }

    /// <summary>Takes the pool's shared queue: in a worker's own last-in-first-out queue two actors that chat could starve a third.</summary>
    public void Schedule(IThreadPoolWorkItem item) => ThreadPool.UnsafeQueueUserWorkItem(item, preferLocal: false);

    public Task ShutdownAsync() => Task.CompletedTask;
}
