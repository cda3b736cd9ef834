namespace Cluster.Lab.Schedules;

/// <summary>What a schedule needs to know of a node's process.</summary>
public enum NodeLife
{
    Running,
    Paused,
    Dead,
}
