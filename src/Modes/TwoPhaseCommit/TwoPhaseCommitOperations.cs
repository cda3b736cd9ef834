using Cluster.Modes.Hosting;
using Cluster.Modes.Shop;

namespace Cluster.Modes.TwoPhaseCommit;

/// <summary>What clients may ask.</summary>
internal static class TwoPhaseCommitOperations
{
    /// <summary>Transactions in one list.</summary>
    private const int MostListed = 200;

    private static readonly ModeArgument Coordinator = ModeArgument.Choice("coordinator", "Whose log the decision stands in: every node's, or only that of the node that is asked", "replicated", "local").Or("replicated");
    private static readonly ModeArgument Timeout = ModeArgument.Duration("timeout", "An order whose votes are not all there by then is aborted", TimeSpan.FromMilliseconds(10), TimeSpan.FromHours(1)).Or("1s");
    private static readonly ModeArgument Pace = ModeArgument.Duration("pace", "Time between the votes and the decision, and again before the participants are told, so that people can watch", TimeSpan.Zero, TimeSpan.FromMinutes(1)).Or("0ms");

    public static ModeOperation Place { get; } = new("place", "Carries an order out at all three participants or at none, and answers once it is decided: committed or aborted") { Arguments = [.. ShopLedgers.OrderArguments, Coordinator, Timeout, Pace] };

    public static ModeOperation Show { get; } = new("show", "A transaction, and what its participants say") { IsRead = true, Arguments = [ShopLedgers.Id] };

    public static ModeOperation InDoubt { get; } = new("in-doubt", "Transactions that are not finished: what they lock, and whom they wait for")
    {
        IsRead = true,
        Arguments = [ModeArgument.Number("most", "At most so many", 1, MostListed).Or("100")],
    };

    public static ModeOperation Resolve { get; } = new("resolve", "Decides a transaction by hand, past its coordinator: always refused, with the reason")
    {
        Arguments = [ShopLedgers.Id, ModeArgument.Choice("decision", "What is wanted", "commit", "abort")],
    };

    public static ModeOperation Figures { get; } = new("figures", "How many transactions are under way, how many ended how, and for how long ledgers were locked: the blocking window") { IsRead = true };
}
