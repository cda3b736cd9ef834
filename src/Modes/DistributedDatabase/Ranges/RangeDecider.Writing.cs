using System.Collections.Immutable;
using Cluster.Engine.Port;
using Cluster.Modes.DistributedDatabase.Timestamps;
using Cluster.Modes.DistributedDatabase.Transactions;

namespace Cluster.Modes.DistributedDatabase.Ranges;

/// <content>Writes: at once, or by intents and a record.</content>
public sealed partial class RangeDecider
{
    /// <summary>Everything in one entry of one log. It commits after the clock, so after every read that was answered here; it needs no intent, since nobody sees it half done.</summary>
    private static Decided<RangeEvent> Execute(RangeState state, Execute execute)
    {
        if (state.OutcomeOf(execute.Request) is { } known)
        {
            return Answer(execute, ReplyOf(known, execute.Request!));
        }

        ImmutableArray<string> keys = [.. execute.Steps.Select(step => step.Key)];
        var inTheWay = execute.IgnoresIntents ? [] : Intents(state, keys, [], static _ => true);
        if (inTheWay.Length > 0)
        {
            return Answer(execute, new Blocked(inTheWay));
        }

        var run = StepRun.Of(execute.Steps, key => state.Newest(key)?.Value, static _ => []);
        if ((run.Refusal ?? WhyNoRoom(state, run.Changes)) is { } why)
        {
            return execute.Request is null ? Answer(execute, new Executed(state.Clock, [], why, IsOfBefore: false)) : Refuse(state, execute, execute.Request, why);
        }

        var at = execute.NotBefore > state.Clock ? execute.NotBefore : Timestamp.After(state.Clock);
        if (at is not { } when)
        {
            return Answer(execute, new TickNeeded());
        }

        var outcome = execute.Request is { } request ? new Outcome(request, when, run.Results) : null;
        return Happen(execute, new Executed(when, run.Results, null, IsOfBefore: false), new Written(when, run.Changes, outcome));
    }

    private static Decided<RangeEvent> Lay(RangeState state, Lay lay, long now)
    {
        if (state.OutcomeOf(lay.Request) is { } known)
        {
            return Answer(lay, ReplyOf(known, lay.Request!));
        }

        var record = state.Record(lay.Transaction);
        if (lay.Ranges is not null && record is { Status: not TransactionStatus.Pending })
        {
            return Answer(lay, StandingOf(record));
        }

        if (lay.Ranges is not null && record is null && (lay.Start <= state.RecordFloor || state.Records.Count >= MaxRecords))
        {
            return Answer(lay, new Conflicted(lay.Start <= state.RecordFloor ? "others may have ended it and forgotten it" : $"{MaxRecords} transactions of this range have not been tidied up"));
        }

        if (!lay.IgnoresIntents && (lay.Start < state.Floor || lay.Changes.FirstOrDefault(change => state.Newest(change.Key)?.At > lay.Start) is not null))
        {
            var first = lay.Changes.FirstOrDefault(change => state.Newest(change.Key)?.At > lay.Start);
            return Answer(lay, first is null ? TooOld : new Conflicted($"{first.Key} was written after it began"));
        }

        ImmutableArray<string> keys = [.. lay.Changes.Select(change => change.Key)];
        var inTheWay = lay.IgnoresIntents ? [] : Intents(state, keys, [], intent => intent.Transaction != lay.Transaction);
        if (inTheWay.Length > 0)
        {
            return Answer(lay, new Blocked(inTheWay));
        }

        if (state.Intents.Exists(intent => intent.Transaction == lay.Transaction))
        {
            return Answer(lay, new Laid()); // The same, sent again.
        }

        if (WhyNoRoom(state, lay.Changes) is { } why)
        {
            return Answer(lay, new Executed(state.Clock, [], why, IsOfBefore: false));
        }

        return Happen(lay, new Laid(), new IntentsLaid(
            [.. lay.Changes.Select(change => new Intent(change.Key, change.Value, lay.Transaction, lay.Anchor, lay.Start, state.Clock, now))],
            lay.Ranges is { } ranges ? new TransactionRecord(lay.Transaction, TransactionStatus.Pending, lay.Start, lay.Priority, 0, ranges, Deadline(now), null, IsByOwner: false) : null));
    }

    /// <summary>The one point of decision: in this range's log or not. A request that has its outcome is not done a second time, whoever else carries it.</summary>
    private static Decided<RangeEvent> Commit(RangeState state, Commit commit)
    {
        var record = state.Record(commit.Transaction);
        return record switch
        {
            { Status: TransactionStatus.Committed } => Answer(commit, StandingOf(record)),
            _ when state.OutcomeOf(commit.Request) is { } known => Answer(commit, ReplyOf(known, commit.Request!)),
            { Status: TransactionStatus.Pending } when commit.At > record.At => Happen(
                commit,
                new Standing(TransactionStatus.Committed, commit.At, null),
                new Committed(commit.Transaction, commit.At, commit.Request is { } request ? new Outcome(request, commit.At, commit.Results) : null)),
            _ => Answer(commit, StandingOf(record)),
        };
    }

    /// <summary>A step forbids it. That is its outcome from now on, unless it has one: another coordinator of the same request may have carried it out, or be about to.</summary>
    private static Decided<RangeEvent> Refuse(RangeState state, RefuseRequest refuse) =>
        state.OutcomeOf(refuse.Request) is { } known ? Answer(refuse, ReplyOf(known, refuse.Request)) : Refuse(state, refuse, refuse.Request, refuse.Why);

    private static Decided<RangeEvent> Refuse(RangeState state, RangeCommand command, string request, string why) =>
        Happen(command, new Executed(state.Clock, [], why, IsOfBefore: false), new RequestRefused(new Outcome(request, state.Clock, [], why)));

    /// <summary>Null: there is room, or it takes away only.</summary>
    private static string? WhyNoRoom(RangeState state, ImmutableArray<Change> changes) =>
        changes.Any(change => change.Value is not null) && state.Size + changes.Sum(change => RangeSize.OfKey(change.Key) + RangeSize.Of(change.Key, new KeyVersion(0, change.Value))) is var size && size > MaxBytes
            ? $"{Keyspace.IdOf(Keyspace.RangeOf(changes[0].Key))} would have {size} bytes, and holds {MaxBytes}: delete keys of it first"
            : null;

    /// <param name="asked">The request that is told it: the same one, or another with its id.</param>
    private static Executed ReplyOf(Outcome known, string asked) => RequestName.Contradict(known.Request, asked)
        ? new(known.At, [], $"the id {RequestName.IdOf(asked)} was given to a transaction of other steps: give each its own", IsOfBefore: true)
        : new(known.At, known.Results, known.Refusal, IsOfBefore: true);

    private static Decided<RangeEvent> Push(RangeState state, Push push, long now)
    {
        const string LeftAlone = "its coordinator was silent, and somebody met its intents";
        var record = state.Record(push.Transaction);
        switch (record)
        {
            case null when push.EndsMissing:
                var tombstone = new TransactionRecord(push.Transaction, TransactionStatus.Aborted, push.Start, push.Start, 0, [], Deadline(now), LeftAlone, IsByOwner: false);
                return Happen(push, StandingOf(tombstone), new Aborted(push.Transaction, LeftAlone, tombstone));
            case { Status: TransactionStatus.Pending } when now > record.DeadlineUnixMs:
                return Happen(push, new Standing(TransactionStatus.Aborted, 0, LeftAlone), new Aborted(push.Transaction, LeftAlone, null));
            case { Status: TransactionStatus.Pending } when push.Priority < record.Priority:
                const string Wounded = "an older transaction came in its way";
                return Happen(push, new Standing(TransactionStatus.Aborted, 0, Wounded), new Aborted(push.Transaction, Wounded, null));
            case { Status: TransactionStatus.Pending } when push.Past > record.At:
                return Happen(push, new Standing(TransactionStatus.Pending, push.Past, null), new RecordChanged(push.Transaction, push.Past, record.DeadlineUnixMs));
            default:
                return Answer(push, StandingOf(record));
        }
    }

    private static Decided<RangeEvent> Abort(RangeState state, Abort abort) => state.Record(abort.Transaction) switch
    {
        { Status: TransactionStatus.Pending } => Happen(abort, new Standing(TransactionStatus.Aborted, 0, null), new Aborted(abort.Transaction, "", null)),
        null => Answer(abort, new Standing(TransactionStatus.Aborted, 0, null)),
        var record => Answer(abort, StandingOf(record)),
    };

    private static Decided<RangeEvent> Beat(RangeState state, Beat beat, long now) => state.Record(beat.Transaction) is { Status: TransactionStatus.Pending } record
        ? Happen(beat, StandingOf(record), new RecordChanged(beat.Transaction, record.At, Deadline(now)))
        : Answer(beat, StandingOf(state.Record(beat.Transaction)));

    private static Standing StandingOf(TransactionRecord? record) =>
        record is null ? new Standing(TransactionStatus.Missing, 0, null) : new Standing(record.Status, record.At, record.Why) { IsTombstone = record.Ranges.IsEmpty };

    private static long Deadline(long now) => now + (long)ExpiresAfter.TotalMilliseconds;
}
