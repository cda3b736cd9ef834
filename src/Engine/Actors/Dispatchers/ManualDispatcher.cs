namespace Cluster.Engine.Actors.Dispatchers;

/// <summary>
/// Runs actors on the caller's thread, only when told to, in a fixed order: first come, first served, or drawn from a seeded random source.
/// Systems that share one are one deterministic world: the same inputs and seed give the same run.
/// </summary>
/// <remarks>Locked, because a timer or a socket of the real world may call from its own thread. A simulated world has none, and takes turns without.</remarks>
public sealed class ManualDispatcher(Random? order = null) : IDispatcher
{
    /// <summary>Runs that <see cref="RunUntilIdle"/> makes before it says that actors keep each other busy for ever.</summary>
    public const int DefaultMaxRuns = 10_000_000;

    private readonly Lock gate = new();
    private readonly TurnQueue turns = new(order);

    public bool IsIdle
    {
        get
        {
            lock (gate)
            {
                return turns.IsEmpty;
            }
        }
    }

    public void Schedule(IThreadPoolWorkItem item)
    {
        lock (gate)
        {
            turns.Add(item);
        }
    }

    /// <summary>Runs one mailbox batch; false if there was none.</summary>
    public bool RunOne()
    {
        if (Next() is not { } item)
        {
            return false;
        }

        item.Execute();
        return true;
    }

    /// <summary>Runs until no mailbox has work. Returns the number of runs.</summary>
    /// <exception cref="InvalidOperationException">There is still work after <paramref name="maxRuns"/> runs.</exception>
    public int RunUntilIdle(int maxRuns = DefaultMaxRuns)
    {
        var runs = 0;
        while (RunOne())
        {
            if (++runs >= maxRuns && !IsIdle)
            {
                throw new InvalidOperationException($"Actors still had work after {maxRuns} runs: they keep each other busy, or raise maxRuns");
            }
        }

        return runs;
    }

    /// <summary>Does nothing: several systems may share the dispatcher, and it has no thread to end.</summary>
    public Task ShutdownAsync() => Task.CompletedTask;

    private IThreadPoolWorkItem? Next()
    {
        lock (gate)
        {
            return turns.Take();
        }
    }
}
