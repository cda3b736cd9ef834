using Cluster.Engine.Port;
using Cluster.Modes.Saga;
using Cluster.Modes.Shop;
using Cluster.Modes.Tests.Shop;

namespace Cluster.Modes.Tests.Saga;

/// <summary>A saga's log and its participants, and drivers that may die at any message.</summary>
internal sealed class SagaWorld(Order order, SagaStyle style) : MortalWorld(order)
{
    private readonly SagaLog decider = new();
    private SagaLogState log = new SagaLog().Empty;

    public SagaRecord? Saga => log.Find(Order.Id);

    /// <summary>The first that any client was told; null while there was nothing to tell.</summary>
    public SagaPhase? Told { get; private set; }

    /// <summary>Places an order under the id; its end, or null where it was refused.</summary>
    public SagaPhase? Place(Order? @as = null)
    {
        var placed = @as ?? Order;
        var turn = Write(new SagaEntry(Begin: new SagaBegin(Order.Id, style, placed, 3_000, 0, "n1")));
        if (turn.Refused is null)
        {
            Drive(turn);
        }

        return turn.Refused is null ? log.Find(Order.Id, placed.Content)!.Phase : null;
    }

    /// <summary>A report that was on its way for long.</summary>
    public SagaTurn Report(Order of, int step, SagaFinding finding) => Write(new SagaEntry(Report: new SagaReport(of.Id, step, finding, 1, null, of.Content)));

    /// <summary>Places an order, and nobody carries it on.</summary>
    public void BeginOnly() => Write(new SagaEntry(Begin: new SagaBegin(Order.Id, style, Order, 3_000, 0, "n1")));

    /// <summary>Begins the saga; false: its driver died.</summary>
    /// <param name="as">The order under this id; null for the world's.</param>
    public bool Begin(Order? @as = null) => Live(() => Drive(Write(new SagaEntry(Begin: new SagaBegin(Order.Id, style, @as ?? Order, 3_000, 0, "n1")))));

    /// <summary>Another node carries on what is there, if anything is; false: it died as well.</summary>
    /// <param name="expires">The deadline has passed, and the first step that may still be given up is.</param>
    public bool CarryOn(string node, bool expires = false)
    {
        Now += SagaLog.StalledAfter + TimeSpan.FromSeconds(expires ? 10 : 0);
        return Saga is null or { HasEnded: true } || Live(() =>
        {
            var turn = Write(new SagaEntry(Adoption: new SagaAdoption(Order.Id, node)));
            Assert.Equal(node, turn.Driver);
            Drive(expires && style == SagaStyle.Orchestrated ? Write(new SagaEntry(Report: new SagaReport(Order.Id, turn.Step, SagaFinding.Expired, 1))) : turn);
        });
    }

    /// <summary>So many other sagas end after this one that its log remembers it no more.</summary>
    public void Forget()
    {
        for (var number = 0; number < SagaLog.MaxEnded; number++)
        {
            var id = $"filler{number}";
            var filler = new SagaBegin(id, SagaStyle.Choreographed, Order with { Id = id }, 3_000, 0, "n9");
            Decide(new SagaEntry(Begin: filler));
            Decide(new SagaEntry(Report: new SagaReport(id, 0, SagaFinding.AllUndone, 1)));
        }

        Assert.Null(Saga);
        Told = null;
    }

    private void Drive(SagaTurn turn)
    {
        for (var rounds = 0; turn.Phase is SagaPhase.Forward or SagaPhase.Backward; rounds++)
        {
            Assert.True(rounds < 20, "it goes round in circles: " + Course);
            turn = style == SagaStyle.Orchestrated ? Orchestrate() : Choreograph();
        }
    }

    private SagaTurn Orchestrate()
    {
        for (var saga = Saga!; ;)
        {
            var move = SagaCore.Next(OrderSaga.Definition, saga)!;
            var reply = Tell(move.To, move.Ledger, move.Command);
            var report = SagaCore.Read(OrderSaga.Definition, saga, reply, 1) ?? throw new InvalidOperationException($"{reply} says nothing to {saga}");
            Told ??= SagaCore.IsCertain(OrderSaga.Definition, report) ? SagaPhase.Completed : null;
            if (SagaCore.Ahead(OrderSaga.Definition, saga, report) is not { } ahead)
            {
                return Write(new SagaEntry(Report: report));
            }

            saga = ahead;
        }
    }

    private SagaTurn Choreograph()
    {
        var saga = Saga!;
        for (var move = Choreography.Begin(saga); ;)
        {
            var reply = Tell(move.To, move.Ledger, move.Command);
            saga = saga with { IdIsAnothers = saga.IdIsAnothers || Ledger.IdIsAnothers(reply, saga.Id) };
            var state = Choreography.StateOf(move, reply) ?? throw new InvalidOperationException($"{move} was refused");
            Told ??= Choreography.IsCertain(move.To, state) ? SagaPhase.Completed : null;
            var (next, end) = Choreography.React(saga, move.To, state);
            if (end is { } ended)
            {
                return Write(new SagaEntry(Report: new SagaReport(saga.Id, saga.Step, ended, 1, null, saga.Order.Content, saga.IdIsAnothers)));
            }

            move = next!;
        }
    }

    private SagaTurn Write(SagaEntry entry)
    {
        var turn = Send("log", () =>
        {
            var (turn, events) = Decide(entry);
            Trace.AddRange(events);
            return turn;
        });
        Told ??= turn.Phase is SagaPhase.Completed or SagaPhase.Compensated ? turn.Phase : null;
        return turn;
    }

    private (SagaTurn Turn, IEnumerable<string> Events) Decide(SagaEntry entry)
    {
        var decided = decider.Decide(log, new WriteSagas([entry]), new EntityContext("0", Now));
        log = decided.Events.Aggregate(log, decider.Apply);
        return (((SagasWritten)decided.Reply!).Turns.Single(), decided.Events.Select(happened => happened.GetType().Name));
    }
}
