using System.Collections.Immutable;
using Cluster.Engine.Port;

namespace Cluster.Modes.Federated;

/// <content>How a home is followed, on the side of the copy: what comes is put in order, and a position is claimed only once everything up to it is here.</content>
public sealed partial class GroupCore
{
    private static WriteVersion AsksAfter(GroupState state) => state.Cursor?.After ?? state.Position;

    private static Decided<GroupEvent> Follow(GroupState state, string region, string group, Replicate part)
    {
        var events = ImmutableArray.CreateBuilder<GroupEvent>();
        if (IsNews(state, region, part.Epochs))
        {
            events.Add(new EpochsChanged(part.Epochs));
            state = Changed(state, part.Epochs);
        }

        var theirs = Lineage.Current(part.Epochs, region);
        if (theirs.CompareTo(Lineage.Current(state.Epochs, region)) < 0 || theirs.Home == part.Here || !GoesOn(state, part))
        {
            // An earlier home's word counts for nothing; and what would leave a gap is asked for again.
            return Decided<GroupEvent>.Accept(events.ToImmutable()).With(Standing(state, group));
        }

        var page = PageOf(state, part);
        if (Followed(state, page) is var next && next != state)
        {
            events.Add(page);
            state = next;
        }

        if (part.Digest is { } digest && state.Position == part.UpTo && state is { Cursor: null, Tail.IsEmpty: true } && Digest(state) != digest)
        {
            events.Add(new DifferenceFound());
            state = Doubted(state);
        }

        return Decided<GroupEvent>.Accept(events.ToImmutable()).With(Standing(state, group));
    }

    /// <summary>Whether it begins with everything anew, or goes on where this copy is.</summary>
    private static bool GoesOn(GroupState state, Replicate part) =>
        (part.Since is not null && part.After == WriteVersion.None) || (part.Since == state.Cursor?.Since && part.After <= AsksAfter(state));

    /// <summary>
    /// What of a part is followed: all of it, and with the last one what the home had settled by then, for what it took up again is here with it. Where that would be too much for this entity, only what is settled, which
    /// makes room: the records are asked for again.
    /// </summary>
    private static RecordsFollowed PageOf(GroupState state, Replicate part)
    {
        var page = new RecordsFollowed(part.Records, part.UpTo, part.After, part.Since, part.IsPart, part.IsPart ? [] : part.Settled);
        return Followed(state, page).Size is var size && (size <= GroupSize.MostForCopies || size <= state.Size)
            ? page
            : new RecordsFollowed([], AsksAfter(state), AsksAfter(state), state.Cursor?.Since, IsPart: true, part.Settled);
    }

    /// <summary>A position never goes back: what this cluster has is not unlearnt while it is sent again.</summary>
    private static GroupState Followed(GroupState state, RecordsFollowed page)
    {
        var next = page.Since == state.Cursor?.Since ? state : state with { Cursor = null, Doubtful = state.Doubtful.Clear() };
        var goesOnAfter = next.Cursor?.After ?? WriteVersion.None;
        next = page.Records.Aggregate(next, PutNewer);
        if (page.Since is not null)
        {
            next = next with { Doubtful = Doubtful(next, page) };
        }

        next = page.IsPart
            ? next with { Cursor = new StreamCursor(page.UpTo > goesOnAfter ? page.UpTo : goesOnAfter, page.Since) }
            : Complete(next, page);
        return Settled(next, page.Settled);
    }

    /// <summary>
    /// A part has every key of the home whose version is within it. One of here that is not among them was taken away there, or written over: which of both it was shows in the end, and until then it stays, since this copy may
    /// have to become the home in between.
    /// </summary>
    private static ImmutableSortedSet<string> Doubtful(GroupState state, RecordsFollowed page)
    {
        var sent = page.Records.Select(record => record.Key).ToHashSet(StringComparer.Ordinal);
        var missing = state.Keys.Values.Where(record => record.Version > page.After && record.Version <= page.UpTo && !sent.Contains(record.Key) && !state.Tail.Contains(record.Key));
        return state.Doubtful.Except(sent).Union(missing.Select(record => record.Key));
    }

    private static GroupState Complete(GroupState state, RecordsFollowed page)
    {
        var gone = state.Doubtful.Where(key => !state.Tail.Contains(key) && state.Keys.TryGetValue(key, out var record) && record.Version <= page.UpTo);
        var next = Without(state, [.. gone]);
        return next with
        {
            Position = page.UpTo > state.Position ? page.UpTo : state.Position,
            Cursor = null,
            Doubtful = state.Doubtful.Clear(),
            ForgottenUpTo = page.Since is { } since && since > state.ForgottenUpTo ? since : state.ForgottenUpTo,
        };
    }

    /// <summary>The copy is not what the home has: it asks for everything, in the belief that it has heard of no deletion yet.</summary>
    private static GroupState Doubted(GroupState state) =>
        state with { Cursor = new StreamCursor(WriteVersion.None, WriteVersion.None), Doubtful = state.Doubtful.Clear(), Repairs = state.Repairs + 1 };
}
