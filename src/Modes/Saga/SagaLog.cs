using System.Collections.Immutable;
using Cluster.Engine.Port;

namespace Cluster.Modes.Saga;

/// <summary>
/// The log of the saga execution component: which sagas are under way, and how far each is. It decides every transition by <see cref="SagaCore"/>, whoever reports, so a driver may die or
/// be doubled at any moment. Sagas are spread over several of these by their ids, each log an entity of its own.
/// </summary>
public sealed class SagaLog : IDecider<SagaLogState, SagaLogCommand, SagaEvent>
{
    public const string TypeName = "saga-log";

    /// <summary>Sagas under way in one log; a new one over it is refused. With the longest names, every character of which JSON writes as six, so many and those that have ended stay below what an entity may hold.</summary>
    public const int MaxOpen = 2_000;

    /// <summary>Sagas that have ended and can still be shown; older ones are forgotten, and their ledgers still know them.</summary>
    public const int MaxEnded = 250;

    /// <summary>A saga to which nothing has happened for so long may be carried on by another node. Longer than a failover of a shard, so that a slow step is not driven twice.</summary>
    public static readonly TimeSpan StalledAfter = TimeSpan.FromSeconds(2);

    public static EntityType<SagaLogState, SagaLogCommand, SagaEvent> Type { get; } = new EntityType<SagaLogState, SagaLogCommand, SagaEvent>(TypeName, new SagaLog(), 1, SagaLogJson.Default.SagaLogState)
        .Message("write", 1, SagaLogJson.Default.WriteSagas)
        .Message("read", 1, SagaLogJson.Default.ReadSaga)
        .Message("read-open", 1, SagaLogJson.Default.ReadOpenSagas)
        .Message("written", 1, SagaLogJson.Default.SagasWritten)
        .Message("found", 1, SagaLogJson.Default.SagaFound)
        .Message("open", 1, SagaLogJson.Default.SagasOpen)
        .Message("started", 1, SagaLogJson.Default.SagaStarted)
        .Message("step-completed", 1, SagaLogJson.Default.StepCompleted)
        .Message("step-failed", 1, SagaLogJson.Default.StepFailed)
        .Message("step-expired", 1, SagaLogJson.Default.StepExpired)
        .Message("step-compensated", 1, SagaLogJson.Default.StepCompensated)
        .Message("adopted", 1, SagaLogJson.Default.SagaAdopted)
        .Message("ended", 1, SagaLogJson.Default.SagaEnded);

    private static SagaDefinition Definition => OrderSaga.Definition;

    public SagaLogState Empty { get; } = new(ImmutableSortedDictionary<string, SagaRecord>.Empty, [], 0, 0);

    public Decided<SagaEvent> Decide(SagaLogState state, SagaLogCommand command, EntityContext context)
    {
        var now = context.Now.ToUnixTimeMilliseconds();
        return command switch
        {
            WriteSagas write => Decide(state, write.Entries.IsDefault ? [] : write.Entries, context.EntityId, now),
            ReadSaga read => Decided<SagaEvent>.Answer(new SagaFound(state.Find(read.Id))),
            ReadOpenSagas read => Decided<SagaEvent>.Answer(new SagasOpen(
                context.EntityId,
                [.. state.Open.Values.Where(saga => (!read.StalledOnly || IsStalled(saga, now)) && string.CompareOrdinal(saga.Id, read.After) > 0).OrderBy(saga => saga.Id, StringComparer.Ordinal).Take(read.Most)], state.Open.Count, state.Completed, state.Compensated)),
            _ => Decided<SagaEvent>.Refuse($"a saga log does not know {command.GetType().Name}"),
        };
    }

    public SagaLogState Apply(SagaLogState state, SagaEvent @event)
    {
        if (@event is SagaStarted started)
        {
            return state with { Open = state.Open.SetItem(started.Id, started.Saga) };
        }

        var saga = SagaCore.Apply(Definition, state.Open[@event.Id], @event);
        return !saga.HasEnded ? state with { Open = state.Open.SetItem(saga.Id, saga) } : new SagaLogState(
            state.Open.Remove(saga.Id),
            (state.Ended.Count < MaxEnded ? state.Ended : state.Ended.RemoveAt(0)).Add(saga),
            state.Completed + (saga.Phase == SagaPhase.Completed ? 1 : 0),
            state.Compensated + (saga.Phase == SagaPhase.Compensated ? 1 : 0));
    }

    /// <summary>Progress in the future was written by a leader whose clock was ahead: it is no progress of now, and would keep everybody off until then. To adopt one too early does no harm.</summary>
    private static bool IsStalled(SagaRecord saga, long now) => Math.Abs(now - saga.ProgressUnixMs) >= (long)StalledAfter.TotalMilliseconds + saga.PaceMs;

    private Decided<SagaEvent> Decide(SagaLogState state, ImmutableArray<SagaEntry> entries, string log, long now)
    {
        var events = ImmutableArray.CreateBuilder<SagaEvent>();
        var turns = ImmutableArray.CreateBuilder<SagaTurn>(entries.Length);
        foreach (var entry in entries)
        {
            var (id, content, happened, refused) = Judge(state, entry, now);
            foreach (var @event in happened)
            {
                state = Apply(state, @event);
                events.Add(@event);
            }

            turns.Add(state.Find(id, content) is { } saga
                ? new SagaTurn(id, saga.Phase, saga.Step, saga.Driver, saga.DeadlineUnixMs, saga.Why, refused, saga.IdIsAnothers)
                : new SagaTurn(id, SagaPhase.Forward, 0, "", 0, Refused: refused ?? $"there is no saga {id}, or it ended long ago"));
        }

        var reply = new SagasWritten(log, turns.MoveToImmutable());
        return events.Count == 0 ? Decided<SagaEvent>.Answer(reply) : Decided<SagaEvent>.Accept(events.ToImmutable()).With(reply);
    }

    private static (string Id, long Content, ImmutableArray<SagaEvent> Events, string? Refused) Judge(SagaLogState state, SagaEntry entry, long now)
    {
        switch (entry)
        {
            case { Begin: { } begin }:
                var (events, refused) = Begin(state, begin, now);
                return (begin.Id, begin.Order.Content, events, refused);
            case { Report: { } report }:
                return (report.Id, report.Content, Open(report.Id, report.Content) is { } told ? SagaCore.Judge(Definition, told, report, now) : [], null);
            case { Adoption: { } offer }:
                return (offer.Id, offer.Content, Open(offer.Id, offer.Content) is { } left && IsStalled(left, now) ? [new SagaAdopted(offer.Id, now, offer.Driver)] : [], null);
            default:
                return ("", 0, [], "an entry says nothing");
        }

        // What is late may be about an order that has ended, when the one whose id it is has begun.
        SagaRecord? Open(string id, long content) => state.Open.TryGetValue(id, out var saga) && (content == 0 || content == saga.Order.Content) ? saga : null;
    }

    private static (ImmutableArray<SagaEvent> Events, string? Refused) Begin(SagaLogState state, SagaBegin begin, long now) => (state.Holder(begin.Id) ?? state.Find(begin.Id, begin.Order.Content)) switch
    {
        { } known => ([], known.Order == begin.Order && known.Style == begin.Style ? null : $"another order has the id {begin.Id}"),
        null when state.Open.Count >= MaxOpen => ([], $"{MaxOpen} sagas are under way in this log, the most there may be: try again later"),
        null => (
            [new SagaStarted(new SagaRecord(begin.Id, begin.Style, begin.Order, SagaPhase.Forward, 0, begin.Driver, now, now + begin.TimeoutMs, now, begin.PaceMs, null, []), now)], null),
    };
}
