using System.Diagnostics.CodeAnalysis;
using Cluster.Engine.Consensus;

namespace Cluster.Engine.Flaws;

/// <summary>Every flaw that can be planted, the same for real nodes and the simulator. What is not in this list does not exist.</summary>
public static class FlawCatalog
{
    public static readonly IReadOnlyList<PlantedFlaw> All =
    [
        Raft("stale-read", RaftFlaws.ReadWithoutRound, "answers linearizable reads without asking a majority: a leader that was deposed and does not know it answers with old values"),
        Raft("lease-without-majority", RaftFlaws.LeaseWithoutMajority, "claims a read lease for as long as it believes to lead: lease reads answer with old values"),
        Raft("no-guard-after-restart", RaftFlaws.NoGuardAfterRestart, "votes as soon as it is back from a restart, whatever it had promised a leader: lease reads answer with old values"),
        Raft("vote-twice", RaftFlaws.VoteTwice, "votes for everyone who asks in a term: two leaders in one term, and what one of them acknowledged is lost"),
        Raft("forget-vote", RaftFlaws.ForgetVote, "does not write its vote down: after a restart it votes again in the same term, which makes two leaders"),
        Raft("ignore-candidate-log", RaftFlaws.IgnoreCandidateLog, "votes for candidates that lack committed entries: acknowledged writes are overwritten"),
        Raft("commit-older-term", RaftFlaws.CommitOlderTermByCount, "commits an older term's entry by counting replicas (Raft, figure 8): acknowledged writes are overwritten"),
        Raft("skip-previous-entry-check", RaftFlaws.SkipPreviousEntryCheck, "appends entries without comparing the one before: logs, and then replicas, differ"),
        Raft("ack-before-persist", RaftFlaws.AcknowledgeBeforePersist, "acknowledges entries that are on their way to the disk: a crash loses acknowledged writes"),
        Beyond("no-fsync", EngineFlaws.NoFsync, "reports its log as durable without flushing it: a power loss loses acknowledged writes"),
        Beyond("forget-session", EngineFlaws.ForgetSession, "forgets which requests it has executed: a retry takes effect twice"),
        Beyond("dirty-read", EngineFlaws.DirtyRead, "answers linearizable reads from whatever replica is near: a follower that lags answers with old values"),
        Beyond("deliver-after-unsubscribe", EngineFlaws.DeliverAfterUnsubscribe, "confirms an unsubscription and keeps the subscriber: it hears what is published afterwards"),
        Beyond("deliver-as-it-comes", EngineFlaws.DeliverAsItComes, "does not look at the numbers of messages between nodes: what a link brings twice is heard twice, what it reorders is heard out of order"),
        Beyond("group-on-each-node", EngineFlaws.GroupOnEachNode, "sends a group's message to every node that has members: one member of each node hears it"),
    ];

    /// <summary>The names, with commas between, for messages.</summary>
    public static string Names => string.Join(", ", All.Select(flaw => flaw.Name));

    public static bool TryFind(string name, [NotNullWhen(true)] out PlantedFlaw? flaw)
    {
        flaw = All.FirstOrDefault(known => known.Name == name);
        return flaw is not null;
    }

    private static PlantedFlaw Raft(string name, RaftFlaws flaw, string breaks) => new() { Name = name, Breaks = breaks, Raft = flaw };

    private static PlantedFlaw Beyond(string name, EngineFlaws flaw, string breaks) => new() { Name = name, Breaks = breaks, Engine = flaw };
}
