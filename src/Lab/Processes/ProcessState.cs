namespace Cluster.Lab.Processes;

/// <summary>What the operating system says of a node's process.</summary>
public enum ProcessState
{
    Running,

    /// <summary>Stopped by a signal: it holds its connections and its ports, and answers nothing.</summary>
    Paused,

    Dead,
}
