namespace Cluster.Engine.Consensus;

/// <summary>The single-server changes (thesis 4.1, 4.2.1). Each moves the voters by at most one, so that old and new majorities overlap.</summary>
public enum ConfigurationChangeKind
{
    /// <summary>A new replica receives the log, and counts for nothing.</summary>
    AddLearner = 0,

    /// <summary>A learner that has caught up becomes a voter.</summary>
    PromoteLearner = 1,

    /// <summary>A voter becomes a learner.</summary>
    DemoteVoter = 2,

    /// <summary>A voter or learner leaves the group.</summary>
    RemoveReplica = 3,
}
