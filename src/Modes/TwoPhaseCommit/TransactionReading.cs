using Cluster.Engine.Port;
using Cluster.Modes.Shop;

namespace Cluster.Modes.TwoPhaseCommit;

/// <summary>Makes of what the logs say what people read.</summary>
internal static class TransactionReading
{
    public static TransactionView View(TransactionRecord transaction, LookView? ledgers) => new(
        transaction.Id, transaction.Coordinator, transaction.Phase, transaction.Driver, transaction.Order, Time(transaction.StartedUnixMs), Time(transaction.ProgressUnixMs), transaction.Why, ledgers);

    public static InDoubtView InDoubt(IReadOnlyList<TransactionsOpen> logs, int most, IReadOnlyList<ClusterMember> members) => new(
        logs.Sum(log => log.Open),
        [.. logs.SelectMany(log => log.Transactions).OrderBy(open => open.StartedUnixMs).Take(most).Select(open => new InDoubtRow(
            open.Id,
            open.Coordinator,
            open.Phase,
            open.Driver,
            Time(open.StartedUnixMs),
            [.. CoordinatorCore.Participants.Select(participant => $"{participant.ToString().ToLowerInvariant()}/{open.Order.LedgerAt(participant)}")],
            WaitsFor(open, members.Any(member => member.Name.ToString() == open.Driver && member.IsReachable))))]);

    public static FiguresView Figures(IReadOnlyList<TransactionsOpen> logs) => new(
        logs.Sum(log => log.Open),
        logs.Sum(log => log.Committed),
        logs.Sum(log => log.Aborted),
        Blocked(logs.Aggregate(HeldTimes.None, (sum, log) => sum.Add(log.HeldReplicated))),
        Blocked(logs.Aggregate(HeldTimes.None, (sum, log) => sum.Add(log.HeldLocal))));

    /// <summary>
    /// Why nobody decides by hand. A heuristic decision is a guess about what the coordinator has decided, or will: where it guesses wrong, some participants commit and others abort, and nothing
    /// repairs that (Gray and Reuter 1993, 10.5).
    /// </summary>
    public static string WhyNotResolved(TransactionRecord transaction, string wanted) => transaction switch
    {
        { Phase: TransactionPhase.Committed or TransactionPhase.Aborted } => $"{transaction.Id} is {transaction.Phase.ToString().ToLowerInvariant()} everywhere: there is nothing to resolve",
        { Phase: TransactionPhase.Committing or TransactionPhase.Aborting } =>
            $"{transaction.Id} is decided ({(transaction.Phase == TransactionPhase.Committing ? "commit" : "abort")}), and some participants do not know yet: what is wanted by hand ({wanted}) could only repeat or contradict it. {Way(transaction)}",
        _ => $"heuristic resolution is refused: whether {transaction.Id} commits, only its coordinator's log says, and a decision by hand ({wanted}) that guesses wrong leaves it half-done for good. {Way(transaction)}",
    };

    private static string Way(TransactionRecord transaction) => transaction.Coordinator == CoordinatorKind.Local
        ? $"Its log is on {transaction.Driver} alone: start {transaction.Driver} again ('lab restart {transaction.Driver}'), and it is resolved within seconds"
        : "Its log is replicated: any node resolves it within seconds, once a majority can be reached";

    private static string WaitsFor(TransactionRecord open, bool isReachable) => (open.Coordinator, isReachable) switch
    {
        (_, true) => $"{open.Driver}, which coordinates it",
        (CoordinatorKind.Local, false) => $"{open.Driver}, which is away: blocked until it is back",
        _ => $"any node, since {open.Driver} is away",
    };

    private static BlockedView Blocked(HeldTimes held) => new(held.Total, held.Percentile(50), held.Percentile(99), held.LongestMs);

    private static DateTimeOffset Time(long unixMs) => DateTimeOffset.FromUnixTimeMilliseconds(unixMs);
}
