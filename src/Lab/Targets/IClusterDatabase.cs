namespace Cluster.Lab.Targets;

/// <summary>A database that all nodes of a cluster use, where the lab reaches its processes: it can be broken as nodes can, under the name <c>database</c>.</summary>
public interface IClusterDatabase
{
    /// <summary>What it runs in, in words: <c>process 4711</c>.</summary>
    string Description { get; }

    /// <summary>Dead only when none of its processes is left.</summary>
    ProcessState State { get; }

    /// <summary>Whether it takes connections, as it says itself.</summary>
    bool IsReady { get; }

    /// <summary>SIGKILL to all of its processes: nothing flushed, nobody told. False if it was dead already.</summary>
    /// <exception cref="LabException">Something of it is left.</exception>
    Task<bool> KillAsync(CancellationToken cancellation);

    /// <summary>Stops all of its processes where they stand. False if it is dead.</summary>
    bool Pause();

    /// <summary>Lets them go on. False if it is dead.</summary>
    bool Resume();

    /// <summary>Starts it again on its data; does not wait until it has recovered.</summary>
    /// <exception cref="LabException">It runs, or cannot be started.</exception>
    Task StartAsync(CancellationToken cancellation);

    IReadOnlyList<string> LastLogLines(int count);
}
