namespace Cluster.Modes.TwoPhaseCommit;

/// <summary>A participant's vote.</summary>
public enum Vote
{
    /// <summary>Not heard yet.</summary>
    None,

    /// <summary>It is prepared: it can commit and can abort, whatever happens to it, and waits to be told which.</summary>
    Yes,

    /// <summary>It has aborted.</summary>
    No,
}
