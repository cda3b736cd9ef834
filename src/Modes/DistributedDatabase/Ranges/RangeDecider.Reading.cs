using System.Collections.Immutable;
using Cluster.Engine.Port;
using Cluster.Modes.DistributedDatabase.Transactions;

namespace Cluster.Modes.DistributedDatabase.Ranges;

/// <content>Reads, and their refresh.</content>
public sealed partial class RangeDecider
{
    private static readonly Conflicted TooOld = new("it began before what is kept here");

    private static Decided<RangeEvent> Peek(RangeState state, Peek peek)
    {
        var (newest, intent) = (state.Newest(peek.Key), state.Intent(peek.Key));
        return Answer(peek, new Peeked(newest?.Value, newest?.At ?? 0, intent is null ? null : BlockerOf(intent), intent?.Value));
    }

    /// <summary>
    /// The answer stands for all time: what commits later than this, here, does so after the clock. An intent is in the way if its transaction could commit at the timestamp or before; one that was laid when the clock
    /// was there already cannot.
    /// </summary>
    private static Decided<RangeEvent> Read(RangeState state, ReadAt read)
    {
        if (read.At < state.Floor || IsBehindIndex(state, read.Spans, read.At) || read.Keys.Any(key => state.Row(key) is { } row && row.HasForgotten(read.At)))
        {
            return Answer(read, TooOld);
        }

        var inTheWay = read.IgnoresIntents ? [] : Intents(state, read.Keys, read.Spans, intent => intent.Placed < read.At && !read.Passed.Contains(intent.Transaction));
        if (inTheWay.Length > 0)
        {
            return Answer(read, new Blocked(inTheWay));
        }

        var spans = ImmutableArray.CreateBuilder<ImmutableArray<FoundRow>>();
        foreach (var span in read.Spans)
        {
            var rows = Candidates(state, span).ToList();
            if (rows.Exists(row => row.HasForgotten(read.At)))
            {
                return Answer(read, TooOld);
            }

            spans.Add([.. Rows(rows, span, read.At).Take(span.Limit)]);
        }

        var done = new ReadDone([.. read.Keys.Select(key => state.Row(key)?.SeenAt(read.At)?.Value)], spans.ToImmutable());
        return state.Clock < read.At ? Happen(read, done, new Fenced(read.At)) : Answer(read, done);
    }

    private static Decided<RangeEvent> Refresh(RangeState state, Refresh refresh)
    {
        var inTheWay = refresh.IgnoresIntents ? [] : Intents(state, refresh.Keys, refresh.Spans, intent => intent.Placed < refresh.To && intent.Transaction != refresh.Transaction);
        if (inTheWay.Length > 0)
        {
            return Answer(refresh, new Blocked(inTheWay));
        }

        if (refresh.From < state.Floor || IsBehindIndex(state, refresh.Spans, refresh.From))
        {
            return Answer(refresh, TooOld);
        }

        var changed = refresh.Keys.FirstOrDefault(key => state.Row(key) is { } row && row.ChangedBetween(refresh.From, refresh.To))
            ?? refresh.Spans.SelectMany(span => Changed(state, span, refresh.From, refresh.To)).FirstOrDefault();
        if (changed is not null)
        {
            return Answer(refresh, new Conflicted($"{changed} was written after it was read"));
        }

        return state.Clock < refresh.To ? Happen(refresh, new Refreshed(), new Fenced(refresh.To)) : Answer(refresh, new Refreshed());
    }

    /// <summary>Whether a lookup as of then may miss a row whose version of then is not kept: the index leads to it no longer.</summary>
    private static bool IsBehindIndex(RangeState state, ImmutableArray<Step> spans, long at) => at < state.IndexFloor && spans.Any(span => span.Kind == StepKind.Find);

    /// <summary>Rows that a scan or a lookup may find, at whatever timestamp.</summary>
    private static IEnumerable<Row> Candidates(RangeState state, Step span)
    {
        if (span.Kind == StepKind.Find)
        {
            var first = Sorted.Seek(state.Index, entry => string.CompareOrdinal(entry.Value, span.Key));
            return Sorted.From(state.Index, first).TakeWhile(entry => entry.Value == span.Key).Select(entry => state.Row(entry.Key)!);
        }

        var from = span.After is { } after && string.CompareOrdinal(after, span.Key) > 0 ? after : span.Key;
        return Sorted.From(state.Rows, Sorted.Seek(state.Rows, from, row => row.Key)).TakeWhile(row => row.Key.StartsWith(span.Key, StringComparison.Ordinal)).Where(row => row.Key != span.After);
    }

    private static IEnumerable<FoundRow> Rows(IEnumerable<Row> candidates, Step span, long at) =>
        from row in candidates
        let seen = row.SeenAt(at)
        where seen is { Value: { } value } && span.Matches(row.Key, value)
        select new FoundRow(row.Key, seen.Value!, seen.At);

    /// <summary>Keys that a scan or a lookup would see otherwise at the one timestamp than at the other: also those that came, and those that went.</summary>
    private static IEnumerable<string> Changed(RangeState state, Step span, long after, long until) =>
        from row in Candidates(state, span)
        where row.ChangedBetween(after, until)
        select row.Key;

    private static ImmutableArray<Blocker> Intents(RangeState state, ImmutableArray<string> keys, ImmutableArray<Step> spans, Func<Intent, bool> counts) =>
    [
        .. state.Intents.Where(intent => counts(intent) && (keys.Contains(intent.Key) || spans.Any(span => Concerns(state, span, intent))))
            .DistinctBy(intent => intent.Transaction)
            .Select(BlockerOf),
    ];

    /// <summary>Whether an intent may change what a scan or a lookup sees: of a lookup, also by taking the value away.</summary>
    private static bool Concerns(RangeState state, Step span, Intent intent) => span.Kind == StepKind.Find
        ? intent.Value == span.Key || (state.Row(intent.Key)?.Versions.Any(version => version.Value == span.Key) ?? false)
        : span.Matches(intent.Key, "");

    private static Blocker BlockerOf(Intent intent) => new(intent.Transaction, intent.Anchor, intent.Start, intent.Key);
}
