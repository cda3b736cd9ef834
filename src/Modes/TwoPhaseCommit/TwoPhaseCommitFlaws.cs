using Cluster.Engine.Flaws;

namespace Cluster.Modes.TwoPhaseCommit;

/// <summary>The two promises that two-phase commit rests on, broken: the coordinator's and the participant's.</summary>
internal static class TwoPhaseCommitFlaws
{
    public static readonly PlantedFlaw CommitWithoutAllVotes = new()
    {
        Name = "commit-without-all-votes",
        Breaks = "The coordinator commits when a majority has voted yes: who voted no, or has not been heard, is left behind.",
    };

    public static readonly PlantedFlaw ImpatientParticipant = new()
    {
        Name = "impatient-participant",
        Breaks = "A participant that has voted yes and hears nothing for 300 ms aborts by itself, though the others may commit.",
    };
}
