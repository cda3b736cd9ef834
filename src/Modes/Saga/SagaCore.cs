using System.Collections.Immutable;
using Cluster.Engine.Port;
using Cluster.Modes.Shop;

namespace Cluster.Modes.Saga;

/// <summary>
/// The saga protocol, pure (Garcia-Molina and Salem 1987, with Richardson's pivot): which message is due, what a reply means, and what a report does to the saga. Before the pivot a
/// failure turns it back, and steps are undone in reverse order, one that may have happened too; after the pivot it only goes forward. A report counts only for the step that the saga waits
/// for, so any number of drivers may send the same one.
/// </summary>
public static class SagaCore
{
    /// <summary>What is to be sent now; null when the saga has ended.</summary>
    public static SagaMove? Next(SagaDefinition definition, SagaRecord saga)
    {
        if (saga.HasEnded)
        {
            return null;
        }

        var step = definition.Steps[saga.Step];
        return new SagaMove(step.At, saga.Order.LedgerAt(step.At), saga.Phase == SagaPhase.Forward ? step.Do(saga) : step.Undo!(saga));
    }

    /// <summary>What a participant's reply tells of the step that the saga waits for; null when it tells nothing, and the message is due again.</summary>
    public static SagaReport? Read(SagaDefinition definition, SagaRecord saga, object reply, int attempts)
    {
        if (saga.HasEnded)
        {
            return null;
        }

        var step = definition.Steps[saga.Step];
        return (saga.Phase, reply) switch
        {
            (_, LedgerEntry entry) when entry.Order != saga.Id => null,
            (SagaPhase.Forward, LedgerEntry entry) when entry.State == step.Gives => Report(SagaFinding.Done),
            (_, LedgerEntry { State: EntryState.Settled }) => Report(SagaFinding.AllDone),
            (SagaPhase.Forward, LedgerEntry { State: EntryState.Refused or EntryState.GivenBack } entry) => Report(SagaFinding.Refused, $"{step.Name}: {entry.Why ?? "it was given back"}"),
            (SagaPhase.Forward, EntityRefused refused) when step.Kind != SagaStepKind.Retriable => Report(SagaFinding.Refused, $"{step.Name}: {refused.Reason}"),
            (SagaPhase.Backward, LedgerEntry { State: EntryState.GivenBack or EntryState.Refused }) => Report(SagaFinding.Undone),
            _ => null,
        };

        SagaReport Report(SagaFinding finding, string? why = null) => new(saga.Id, saga.Step, finding, attempts, why, saga.Order.Content, Ledger.IdIsAnothers(reply, saga.Id));
    }

    /// <summary>
    /// The saga one step on, where a step that is done need not be in the log before the next one is begun: past the pivot nothing turns back, so whoever takes over may find the log behind and does the
    /// same again. Null where it must be, and where there is no next one.
    /// </summary>
    public static SagaRecord? Ahead(SagaDefinition definition, SagaRecord saga, SagaReport report) =>
        saga.Phase == SagaPhase.Forward && report.Finding == SagaFinding.Done && saga.Step >= definition.Pivot && saga.Step + 1 < definition.Steps.Length ? saga with { Step = saga.Step + 1 } : null;

    /// <summary>Whether a report says for certain that the saga will complete: its pivot is done, or a step after it.</summary>
    public static bool IsCertain(SagaDefinition definition, SagaReport report) =>
        report.Finding == SagaFinding.AllDone || (report.Finding == SagaFinding.Done && report.Step >= definition.Pivot);

    /// <summary>What a report leads to; nothing where it is about another step than the one that the saga waits for.</summary>
    public static ImmutableArray<SagaEvent> Judge(SagaDefinition definition, SagaRecord saga, SagaReport report, long now)
    {
        var isAhead = report.Finding == SagaFinding.Done && saga.Phase == SagaPhase.Forward && saga.Step >= definition.Pivot && report.Step > saga.Step && report.Step < definition.Steps.Length;
        if (saga.HasEnded || (saga.Style == SagaStyle.Orchestrated && report.Step != saga.Step && !isAhead))
        {
            return [];
        }

        var (id, step) = (saga.Id, saga.Step);
        return (saga.Style, saga.Phase, report.Finding) switch
        {
            (_, _, SagaFinding.AllDone) => [new SagaEnded(id, now, SagaPhase.Completed, null)],
            (SagaStyle.Choreographed, _, SagaFinding.AllUndone) => [new SagaEnded(id, now, SagaPhase.Compensated, report.Why, report.IdIsAnothers)],
            (SagaStyle.Choreographed, _, _) => [],
            (_, SagaPhase.Forward, SagaFinding.Done) => Completed(),
            (_, SagaPhase.Forward, SagaFinding.Refused) when step <= definition.Pivot => Back(new StepFailed(id, now, step, report.Attempts, report.Why ?? "it was refused", report.IdIsAnothers), step - 1),
            (_, SagaPhase.Forward, SagaFinding.Expired) when definition.MayTurnBackAt(step) => [new StepExpired(id, now, step, report.Attempts, report.Why ?? "the deadline passed")],
            (_, SagaPhase.Backward, SagaFinding.Undone) => Back(new StepCompensated(id, now, step, report.Attempts, report.IdIsAnothers), step - 1),
            _ => [],
        };

        ImmutableArray<SagaEvent> Completed()
        {
            ImmutableArray<SagaEvent> done = [.. Enumerable.Range(step, report.Step - step + 1).Select(each => new StepCompleted(id, now, each, report.Attempts))];
            return report.Step + 1 == definition.Steps.Length ? [.. done, new SagaEnded(id, now, SagaPhase.Completed, null)]
                : now > saga.DeadlineUnixMs && step < definition.Pivot ? [.. done, new StepFailed(id, now, step + 1, 0, "the deadline passed before it was begun")]
                : done;
        }

        ImmutableArray<SagaEvent> Back(SagaEvent happened, int next) =>
            next < 0 ? [happened, new SagaEnded(id, now, SagaPhase.Compensated, saga.Why ?? (happened as StepFailed)?.Why)] : [happened];
    }

    public static SagaRecord Apply(SagaDefinition definition, SagaRecord saga, SagaEvent happened)
    {
        var isAnothers = happened is StepFailed { IdIsAnothers: true } or StepCompensated { IdIsAnothers: true } or SagaEnded { IdIsAnothers: true };
        var moved = saga with { ProgressUnixMs = happened.AtUnixMs, IdIsAnothers = saga.IdIsAnothers || isAnothers };
        return happened switch
        {
            StepCompleted done => moved with { Step = done.Step + 1, Notes = Note(done.Step, "done", done.Attempts) },
            StepFailed failed => moved with { Phase = SagaPhase.Backward, Step = failed.Step - 1, Why = failed.Why, Notes = Note(failed.Step, "refused", failed.Attempts, failed.Why) },
            StepExpired expired => moved with { Phase = SagaPhase.Backward, Step = expired.Step, Why = expired.Why, Notes = Note(expired.Step, "expired", expired.Attempts, expired.Why) },
            StepCompensated undone => moved with { Step = undone.Step - 1, Notes = Note(undone.Step, "compensated", undone.Attempts) },
            SagaAdopted adopted => moved with { Driver = adopted.Driver },
            SagaEnded ended => moved with { Phase = ended.Phase, Why = ended.Why },
            _ => throw new InvalidOperationException($"{happened.GetType().Name} does not happen to a saga that has begun"),
        };

        ImmutableArray<StepNote> Note(int step, string state, int attempts, string? why = null) =>
            saga.Notes.Add(new StepNote(definition.Steps[step].Name, state, happened.AtUnixMs, attempts, why));
    }
}
