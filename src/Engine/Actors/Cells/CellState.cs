namespace Cluster.Engine.Actors.Cells;

/// <summary>Where an actor stands in its life.</summary>
internal enum CellState
{
    /// <summary>Handles messages, unless suspended.</summary>
    Running,

    /// <summary>A new instance waits for the children of the old one to end.</summary>
    Recreating,

    /// <summary>Waits for its children to end, then ends.</summary>
    Stopping,

    Stopped,
}
