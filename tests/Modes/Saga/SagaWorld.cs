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

    /// <summary>Begins the saga; false: its driver died.</summary>
    public bool Begin() => Live(() => Drive(Write(new SagaEntry(Begin: new SagaBegin(Order.Id, style, Order, 3_000, 0, "n1")))));

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
        var (saga, move) = (Saga!, SagaCore.Next(OrderSaga.Definition, Saga!)!);
        var reply = Tell(move.To, move.Command);
        return Write(new SagaEntry(Report: SagaCore.Read(OrderSaga.Definition, saga, reply, 1) ?? throw new InvalidOperationException($"{reply} says nothing to {saga}")));
    }

    private SagaTurn Choreograph()
    {
        var saga = Saga!;
        for (var move = Choreography.Begin(saga); ;)
        {
            var (next, end) = Choreography.React(saga, move.To, ((LedgerEntry)Tell(move.To, move.Command)).State);
            if (end is { } ended)
            {
                return Write(new SagaEntry(Report: new SagaReport(saga.Id, saga.Step, ended, 1)));
            }

            move = next!;
        }
    }

    private SagaTurn Write(SagaEntry entry) => Send("log", () =>
    {
        var decided = decider.Decide(log, new WriteSagas([entry]), new EntityContext("0", Now));
        log = decided.Events.Aggregate(log, decider.Apply);
        Trace.AddRange(decided.Events.Select(happened => happened.GetType().Name));
        return ((SagasWritten)decided.Reply!).Turns.Single();
    });
}
