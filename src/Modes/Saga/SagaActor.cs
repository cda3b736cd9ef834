using Cluster.Engine.Port;
using Cluster.Modes.Hosting;
using Cluster.Modes.Shop;

namespace Cluster.Modes.Saga;

/// <summary>The sagas on one node: serves the mode's operations, and carries on what other nodes have left, once it has stalled for <see cref="SagaLog.StalledAfter"/>.</summary>
internal sealed class SagaActor : OrderDoorActor<SagaRecord>
{
    private readonly string name;
    private readonly SagaServices services;

    public SagaActor(IModeNode node, ShopLedgers shop)
        : base(node, node.Sharding.Start(SagaLog.Type))
    {
        name = node.Name.ToString();
        services = new SagaServices(node, Context.ActorOf(LogWriter(), "logs"), new LedgerWays(shop.On(node), (props, called) => Context.ActorOf(props, called)));
    }

    protected override IEntityQuery ReadStalled(string? after) => new ReadOpenSagas(MostAdopted, StalledOnly: true, after);

    protected override (string Log, IReadOnlyList<SagaRecord> Stalled)? ReadLook(object reply) => reply is SagasOpen open ? (open.Log, open.Sagas) : null;

    protected override (string Id, string Driver) NameOf(SagaRecord record) => (record.Id, record.Driver);

    protected override Props Adopting(SagaRecord orphan) =>
        Props.Create(() => new SagaDriverActor(services, orphan, new SagaEntry(Adoption: new SagaAdoption(orphan.Id, name, orphan.Order.Content)), asker: null, waits: false));

    protected override void Serve(ModeRequest request)
    {
        switch (request.Operation)
        {
            case "place" or "start":
                Begin(request);
                break;
            case "show":
                Gather(Find(request.Text("id"), saga => GatherStep.Ask(
                    ShopLedgers.EntriesOf(saga.Order, services.Ledgers.Regions),
                    replies => GatherStep.Done(ModeAnswer.Ok(SagaReading.View(saga, ShopLedgers.View(saga.Id, replies)), SagaJson.Default.SagaView)))));
                break;
            case "look":
                Gather(Find(request.Text("id"), saga => GatherStep.Ask(
                    ShopLedgers.EntriesOf(saga.Order, services.Ledgers.Regions),
                    replies => GatherStep.Done(ShopLedgers.Answer(saga.Id, replies)))));
                break;
            case "ledger":
                Gather(ShopLedgers.Read(request, services.Ledgers.Regions));
                break;
            case "list":
                Gather(EachLog<SagasOpen>(new ReadOpenSagas((int)request.Number("most"), StalledOnly: false), open => ModeAnswer.Ok(SagaReading.List(open, (int)request.Number("most")), SagaJson.Default.SagaListView)));
                break;
            case "figures":
                Gather(EachLog<SagasOpen>(
                    new ReadOpenSagas(0, StalledOnly: false),
                    open => ModeAnswer.Ok(new SagaFiguresView(open.Sum(log => log.Open), open.Sum(log => log.Completed), open.Sum(log => log.Compensated)), SagaJson.Default.SagaFiguresView)));
                break;
            default:
                Unhandled(request);
                break;
        }
    }

    private Props LogWriter() => Props.Create(() => new EntityWriterActor<SagaEntry>(Logs, static entries => new WriteSagas([.. entries]), static reply => reply is SagasWritten written ? (written.Log, written.Turns) : null));

    private void Begin(ModeRequest request)
    {
        var order = ShopLedgers.ReadOrder(request, FormattableString.Invariant($"{name}-{Context.System.Random.NextInt64():x16}"));
        var style = request.Text("style") == "orchestrated" ? SagaStyle.Orchestrated : SagaStyle.Choreographed;
        var begin = new SagaBegin(order.Id, style, order, (long)request.Duration("timeout").TotalMilliseconds, (long)request.Duration("pace").TotalMilliseconds, name);
        var (saga, asker) = (new SagaRecord(order.Id, style, order, SagaPhase.Forward, 0, name, 0, 0, 0, begin.PaceMs, null, []), Sender);
        Drive(order.Id, Props.Create(() => new SagaDriverActor(services, saga, new SagaEntry(Begin: begin), asker, request.Operation == "place")));
    }

    private GatherStep Find(string id, Func<SagaRecord, GatherStep> then) => GatherStep.Ask(
        [new Question(Logs, LogPartitions.NameOf(id), new ReadSaga(id))],
        replies => replies[0] switch
        {
            SagaFound { Saga: { } saga } => then(saga),
            SagaFound => GatherStep.Done(ModeAnswer.NotFound($"there is no saga {id}, or it ended more than {SagaLog.MaxEnded} sagas of its log ago")),
            var other => GatherStep.Done(ModeAnswer.Of(other)),
        });
}
