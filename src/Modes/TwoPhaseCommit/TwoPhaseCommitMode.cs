using Cluster.Engine.Port;
using Cluster.Modes.Hosting;
using Cluster.Modes.Shop;

namespace Cluster.Modes.TwoPhaseCommit;

/// <summary>Orders over three participants by an atomic commit: locked from the vote to the decision. See README.md.</summary>
public static class TwoPhaseCommitMode
{
    public const string Slug = "two-phase-commit";

    private static readonly ShopLedgers Shop = new(Slug);

    public static Mode Mode { get; } = new(
        Slug,
        "coordination",
        "Every order commits at all participants or at none, and nobody sees it half-way; if its coordinator dies, everybody waits, unless its log is replicated.",
        TwoPhaseCommitLab.Scenario)
    {
        Parts = new ModeParts
        {
            Entities = [TransactionLog.Type, .. Shop.Types],
            Operations =
            [
                TwoPhaseCommitOperations.Place, TwoPhaseCommitOperations.Show, TwoPhaseCommitOperations.InDoubt, TwoPhaseCommitOperations.Resolve, TwoPhaseCommitOperations.Figures, Shop.Look, ShopLedgers.ReadLedger,
            ],
            Door = static node => Props.Create(() => new TwoPhaseCommitActor(node, Shop)),
            Flaws = [TwoPhaseCommitFlaws.CommitWithoutAllVotes, TwoPhaseCommitFlaws.ImpatientParticipant],
        },
    };
}
