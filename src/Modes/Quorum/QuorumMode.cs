using Cluster.Engine.Flaws;
using Cluster.Engine.Port;
using Cluster.Modes.Hosting;
using Cluster.Modes.Storage;

namespace Cluster.Modes.Quorum;

/// <summary>Leaderless replication: any node coordinates any request, and each request says how many copies it reads and writes.</summary>
public static class QuorumMode
{
    public const string Slug = "quorum";

    /// <summary>As a context: that of a client that has seen nothing.</summary>
    internal const string NoContext = "none";

    internal const string NoWriteBack = "no-write-back";
    internal const string HintLost = "hint-lost";
    internal const string MerkleSkips = "merkle-skips";

    private static readonly ModeArgument ContextArgument =
        ModeArgument.Text(QuorumDial.ContextName, $"What the client had seen of the key, as a read told it: that is replaced, and all else kept beside it; {NoContext}: nothing. Left out: whatever is there is replaced.", ClientContext.MostBytes).Optional();

    private static readonly ModeArgument TokenArgument =
        ModeArgument.Text(StorageOperations.Token, "What the client has seen, as the last answer told it: its next write comes after that, whoever coordinates it.", 20).Optional();

    private static readonly IReadOnlyList<string> All = [StorageOperations.Get, StorageOperations.Put, StorageOperations.Delete];

    public static Mode Mode { get; } = new(
        Slug,
        "storage",
        "Leaderless copies with quorums for each request: linearizable where R+W>N, available through any node, and repaired by reads, hints and Merkle trees.",
        QuorumLab.Scenario)
    {
        Parts = new ModeParts
        {
            Messages = messages => messages
                .Register("quorum.read", 1, QuorumJson.Default.ReadKey)
                .Register("quorum.value", 1, QuorumJson.Default.KeyRead)
                .Register("quorum.store", 1, QuorumJson.Default.StoreKey)
                .Register("quorum.stored", 1, QuorumJson.Default.KeyStored)
                .Register("quorum.add", 1, QuorumJson.Default.AddVersion)
                .Register("quorum.added", 1, QuorumJson.Default.VersionAdded)
                .Register("quorum.refused", 1, QuorumJson.Default.QuorumRefused)
                .Register("quorum.hand-off", 1, QuorumJson.Default.HandOff)
                .Register("quorum.taken", 1, QuorumJson.Default.HandOffTaken)
                .Register("quorum.compare", 1, QuorumJson.Default.CompareTrees)
                .Register("quorum.compare-keys", 1, QuorumJson.Default.CompareKeys)
                .Register("quorum.repair", 1, QuorumJson.Default.RepairKeys)
                .Register("quorum.propose-forgetting", 1, QuorumJson.Default.ProposeForgetting)
                .Register("quorum.confirm-forgetting", 1, QuorumJson.Default.ConfirmForgetting)
                .Register("quorum.forget", 1, QuorumJson.Default.ForgetTombstones)
                .Register("quorum.state-joined", 1, QuorumJson.Default.StateJoined)
                .Register("quorum.version-numbered", 1, QuorumJson.Default.VersionNumbered)
                .Register("quorum.version-refused", 1, QuorumJson.Default.VersionRefused)
                .Register("quorum.hint-kept", 1, QuorumJson.Default.HintKept)
                .Register("quorum.hints-forgotten", 1, QuorumJson.Default.HintsForgotten)
                .Register("quorum.key-moved", 1, QuorumJson.Default.KeyMoved)
                .Register("quorum.tombstone-collected", 1, QuorumJson.Default.TombstoneCollected),
            Operations =
            [
                StorageOperations.Reading([.. QuorumDial.Arguments, TokenArgument]),
                StorageOperations.Writing([.. QuorumDial.Arguments, ContextArgument, TokenArgument]),
                StorageOperations.Deleting([.. QuorumDial.Arguments, ContextArgument, TokenArgument]),
                StorageOperations.Locating(),
            ],
            Door = static node => Props.Create(() => new QuorumActor(node)),
            Flaws =
            [
                new PlantedFlaw { Name = NoWriteBack, Breaks = "the quorum mode's readers write nothing back: what one read saw a later one may miss" },
                new PlantedFlaw { Name = HintLost, Breaks = "the quorum mode's hints are forgotten instead of handed over: writes that only stand-ins had are gone" },
                new PlantedFlaw { Name = MerkleSkips, Breaks = "the quorum mode's Merkle comparison passes over every second child: differences there are never found" },
            ],
        },
        Storage = new StorageContract(
            8,
            [
                new(All, "r=2 w=2", ConsistencyModel.Linearizable, "while the members stay the same and every client of the key keeps r+w>3 and sloppy=no; a majority of the key's three copies must be heard"),
                new(All, "r=3 w=1", ConsistencyModel.Linearizable, "likewise, as any r+w>3 is; every request needs all three copies, since the first round of a write is a read"),
                new(All, "r=1 w=1", ConsistencyModel.Eventual, "with one copy within reach; of two writes that did not see each other the later tag wins, and the other is gone"),
                new(All, "r=2 w=2 sloppy=yes", ConsistencyModel.Eventual, "with any two nodes within reach; what was acknowledged is kept by stand-ins and handed over"),
            ])
        {
            Textbook = new Textbook("linear", "tunable", "all sides", "low", "DeCandia et al., Dynamo, SOSP 2007, table 1 and section 4.5; Kleppmann, Designing Data-Intensive Applications, chapter 5"),
            Cost = static nodes => Cost(nodes),
        },
    };

    /// <summary>The coordinator is one of the copies' nodes with the share of copies among nodes; then it spares itself a question and an answer.</summary>
    private static MessageCost Cost(int nodes)
    {
        var copies = Math.Min(QuorumDial.Copies, nodes);
        var own = (double)copies / nodes;
        var round = (int asked) => 2.0 * (asked - own);
        return new MessageCost(round(Math.Min(2, copies)), round(Math.Min(2, copies)) + round(copies), "a question and an answer for each of R copies; a write stores at all N after that; none for the coordinator's own copy");
    }
}
