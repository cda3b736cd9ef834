namespace Cluster.Engine.Remoting;

/// <summary>Which of the two connections between a pair of nodes a frame takes. Frames keep their order within a lane, not across lanes.</summary>
public enum Lane : byte
{
    /// <summary>Small, urgent frames.</summary>
    Interactive = 0,

    /// <summary>Snapshots: apart, so that they never stand in front of a heartbeat.</summary>
    Bulk = 1,
}
