namespace Cluster.Engine.ControlPlane;

/// <summary>What a starting node is doing.</summary>
internal enum BootstrapPhase
{
    /// <summary>A round of asking the seeds is under way.</summary>
    Asking = 0,

    /// <summary>Between two rounds.</summary>
    Pausing = 1,

    /// <summary>A join is under way.</summary>
    Joining = 2,

    /// <summary>This node is forming the cluster.</summary>
    Forming = 3,

    /// <summary>Done: a member.</summary>
    Member = 4,

    /// <summary>Done: refused.</summary>
    Refused = 5,
}
