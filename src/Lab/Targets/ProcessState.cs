namespace Cluster.Lab.Targets;

/// <summary>What is known of a node's process from outside, without asking the node.</summary>
public enum ProcessState
{
    Running,

    /// <summary>Stopped by a signal or frozen: it holds its connections and its ports, and answers nothing.</summary>
    Paused,

    Dead,

    /// <summary>Nothing: it runs where this console cannot look. Asking the node is the only way to learn more.</summary>
    Unknown,
}
