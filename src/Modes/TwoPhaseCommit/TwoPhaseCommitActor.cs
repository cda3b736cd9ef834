using Cluster.Engine.Port;
using Cluster.Modes.Hosting;
using Cluster.Modes.Shop;
using Cluster.Shared.Results;

namespace Cluster.Modes.TwoPhaseCommit;

/// <summary>
/// The coordinators on one node: serves the mode's operations, and carries on what has stalled for <see cref="TransactionLog.StalledAfter"/>: what it had begun itself in an earlier life, and of the
/// replicated ones also what other nodes have left.
/// </summary>
internal sealed class TwoPhaseCommitActor : OrderDoorActor<TransactionRecord>
{
    /// <summary>Between two looks at an order that is locked.</summary>
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromMilliseconds(20);

    /// <summary>Looks at an order before its reader is told that it is in doubt: a second.</summary>
    private const int MostLooks = 50;

    /// <summary>With the flaw that makes participants impatient, in milliseconds.</summary>
    private const long FlawedPatienceMs = 300;

    private readonly IModeNode node;
    private readonly string name;
    private readonly TwoPhaseCommitServices services;

    public TwoPhaseCommitActor(IModeNode node, ShopLedgers shop)
        : base(node, node.Sharding.Start(TransactionLog.Type))
    {
        (this.node, name) = (node, node.Name.ToString());
        services = new TwoPhaseCommitServices(node, Context.ActorOf(LogWriter(), "logs"), new LedgerWays(shop.On(node), (props, called) => Context.ActorOf(props, called)));
    }

    protected override IEntityQuery ReadStalled(string? after) => new ReadOpenTransactions(MostAdopted, services.IsImpatient ? FlawedPatienceMs : null, name, after);

    protected override (string Log, IReadOnlyList<TransactionRecord> Stalled)? ReadLook(object reply) => reply is TransactionsOpen open ? (open.Log, open.Transactions) : null;

    protected override (string Id, string Driver) NameOf(TransactionRecord record) => (record.Id, record.Driver);

    protected override Props Adopting(TransactionRecord orphan) => Props.Create(() => new CoordinatorActor(
        services, orphan with { PaceMs = 0 }, new TransactionEntry(Adoption: new TransactionAdoption(orphan.Id, name, orphan.Order.Content)), asker: null));

    protected override void Serve(ModeRequest request)
    {
        switch (request.Operation)
        {
            case "place":
                Place(request);
                break;
            case "show":
                Gather(Find(request.Text("id"), found => GatherStep.Ask(
                    ShopLedgers.EntriesOf(found.Order, services.Ledgers.Regions),
                    replies => GatherStep.Done(ModeAnswer.Ok(TransactionReading.View(found, ShopLedgers.View(found.Id, replies)), TransactionJson.Default.TransactionView)))));
                break;
            case "look":
                Gather(Find(request.Text("id"), found => Look(found, before: null, looks: 0)));
                break;
            case "ledger":
                Gather(ShopLedgers.Read(request, services.Ledgers.Regions));
                break;
            case "in-doubt":
                var most = (int)request.Number("most");
                Gather(EachLog<TransactionsOpen>(new ReadOpenTransactions(most, 0, null), logs => ModeAnswer.Ok(TransactionReading.InDoubt(logs, most, node.Members.Current), TransactionJson.Default.InDoubtView)));
                break;
            case "resolve":
                Gather(Find(request.Text("id"), found => GatherStep.Done(ModeAnswer.Conflict(TransactionReading.WhyNotResolved(found, request.Text("decision"))))));
                break;
            case "figures":
                Gather(EachLog<TransactionsOpen>(new ReadOpenTransactions(0, 0, null), logs => ModeAnswer.Ok(TransactionReading.Figures(logs), TransactionJson.Default.FiguresView)));
                break;
            default:
                Unhandled(request);
                break;
        }
    }

    private Props LogWriter() =>
        Props.Create(() => new EntityWriterActor<TransactionEntry>(Logs, static entries => new WriteTransactions([.. entries]), static reply => reply is TransactionsWritten written ? (written.Log, written.Turns) : null));

    private void Place(ModeRequest request)
    {
        var order = ShopLedgers.ReadOrder(request, FormattableString.Invariant($"{name}-{Context.System.Random.NextInt64():x16}"));
        var coordinator = request.Text("coordinator") == "local" ? CoordinatorKind.Local : CoordinatorKind.Replicated;
        var (timeout, pace) = ((long)request.Duration("timeout").TotalMilliseconds, (long)request.Duration("pace").TotalMilliseconds);
        var begin = new TransactionEntry(Begin: new TransactionBegin(order.Id, coordinator, order, name, timeout, pace));
        var (transaction, asker) = (new TransactionRecord(order.Id, coordinator, order, TransactionPhase.Preparing, name, 0, 0, timeout, pace, null), Sender);
        Drive(order.Id, Props.Create(() => new CoordinatorActor(services, transaction, begin, asker)));
    }

    /// <summary>
    /// A read of all three that is one instant: looked at twice without a change in between, and none of them prepared. States only go one way, so what is the same twice was so all the time. While
    /// the order is in doubt the reader waits, as everybody does who wants what it has locked.
    /// </summary>
    private GatherStep Look(TransactionRecord transaction, LookView? before, int looks) => GatherStep.Ask(
        ShopLedgers.EntriesOf(transaction.Order, services.Ledgers.Regions),
        replies => ShopLedgers.View(transaction.Id, replies) is not { } now ? GatherStep.Done(ShopLedgers.Answer(transaction.Id, replies))
            : now == before && now is { Stock: not "prepared", Payment: not "prepared", Shipping: not "prepared" } ? GatherStep.Done(ShopLedgers.Answer(transaction.Id, replies))
            : looks < MostLooks ? Look(transaction, now, looks + 1)
            : GatherStep.Done(ModeAnswer.Failed(new ClusterError(ErrorCode.Unavailable, $"{transaction.Id} is in doubt: {now.Stock} at stock, {now.Payment} at payment, {now.Shipping} at shipping; its coordinator is {transaction.Driver}"))),
        looks == 0 || before is { Stock: not "prepared", Payment: not "prepared", Shipping: not "prepared" } ? TimeSpan.Zero : LookAgainAfter);

    private GatherStep Find(string id, Func<TransactionRecord, GatherStep> then) => GatherStep.Ask(
        [new Question(Logs, LogPartitions.NameOf(id), new ReadTransaction(id))],
        replies => replies[0] switch
        {
            TransactionFound { Transaction: { } transaction } => then(transaction),
            TransactionFound => GatherStep.Done(ModeAnswer.NotFound($"there is no transaction {id}, or it ended more than {TransactionLog.MaxEnded} transactions of its log ago")),
            var other => GatherStep.Done(ModeAnswer.Of(other)),
        });
}
