using Cluster.Modes.Shop;

namespace Cluster.Modes.Saga;

/// <summary>Makes of what the log and the ledgers say what people read.</summary>
internal static class SagaReading
{
    public static SagaView View(SagaRecord saga, LookView? ledgers) => new(
        saga.Id, saga.Style, saga.Phase, saga.Driver, saga.Order, Time(saga.StartedUnixMs), Time(saga.DeadlineUnixMs), Time(saga.ProgressUnixMs), saga.Why, [.. Steps(saga)], ledgers);

    public static SagaListView List(IReadOnlyList<SagasOpen> logs, int most) => new(
        logs.Sum(log => log.Open),
        [.. logs.SelectMany(log => log.Sagas).OrderBy(saga => saga.StartedUnixMs).Take(most).Select(saga => new SagaRowView(
            saga.Id, saga.Style, saga.Phase, saga.Style == SagaStyle.Orchestrated ? OrderSaga.Definition.Steps[saga.Step].Name : null, saga.Driver, Time(saga.StartedUnixMs)))]);

    /// <summary>Of a choreographed saga the log knows no steps: only the participants do, and nobody when.</summary>
    private static IEnumerable<SagaStepView> Steps(SagaRecord saga)
    {
        foreach (var (index, step) in OrderSaga.Definition.Steps.Index())
        {
            var notes = saga.Notes.Where(note => note.Step == step.Name).ToList();
            var state = saga.Style == SagaStyle.Choreographed ? "not known to anybody" : notes.LastOrDefault()?.State ?? "";
            state = (saga.Style, saga.Phase) switch
            {
                (SagaStyle.Choreographed, _) => state,
                (_, SagaPhase.Forward) when index == saga.Step => "under way",
                (_, SagaPhase.Backward) when index == saga.Step => "compensating",
                (_, SagaPhase.Forward) when index > saga.Step => "waits",
                _ when notes.Count == 0 => "not reached",
                _ => state,
            };
            yield return new SagaStepView(
                step.Name, step.Kind.ToString().ToLowerInvariant(), step.At.ToString().ToLowerInvariant(), saga.Order.LedgerAt(step.At), state, notes.Sum(note => note.Attempts), notes.Count == 0 ? null : Time(notes[^1].AtUnixMs), notes.LastOrDefault(note => note.Why is not null)?.Why);
        }
    }

    private static DateTimeOffset Time(long unixMs) => DateTimeOffset.FromUnixTimeMilliseconds(unixMs);
}
