namespace Cluster.Engine.Consensus;

/// <summary>Whether a read was taken on. Only an accepted one is answered in the effects.</summary>
public enum ReadOutcome
{
    /// <summary>Its answer comes as <see cref="ReadReady"/>, or in <see cref="RaftEffects.ReadsFailed"/> if leadership ends first.</summary>
    Accepted = 0,

    /// <summary>This replica does not lead; the result names who may.</summary>
    NotLeader = 1,

    /// <summary>More than <see cref="RaftOptions.MaxPendingReads"/> wait already.</summary>
    Overloaded = 2,
}
