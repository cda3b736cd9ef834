namespace Cluster.Engine.ControlPlane;

/// <summary>The steps of which every change of a group is made; each is one single-step membership change (Ongaro's thesis, 4.1) or a transfer (3.10).</summary>
internal enum ReplicaMoveKind
{
    None = 0,
    Wait = 1,

    /// <summary>Add the node as a learner: it receives the log and does not count.</summary>
    AddLearner = 2,

    /// <summary>Make a learner that has caught up a voter.</summary>
    Promote = 3,

    /// <summary>Make a voter a learner: it keeps receiving the log.</summary>
    Demote = 4,

    /// <summary>Take the node, voter or learner, out of the group.</summary>
    Remove = 5,

    /// <summary>Hand leadership to the node, a voter.</summary>
    TransferLeadership = 6,
}
