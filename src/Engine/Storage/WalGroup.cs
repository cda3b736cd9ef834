using Cluster.Shared.Wire;

namespace Cluster.Engine.Storage;

/// <summary>
/// What the log must know of a group while it runs: the small state that each new segment repeats, the terms of its entries (to refuse an append
/// that no Raft would make), and which segments hold entries that it still needs.
/// </summary>
internal sealed class WalGroup(uint id)
{
    private readonly List<TermRun> terms = [];
    private readonly List<SegmentPin> pins = [];
    private ulong unplacedFirst;
    private ulong unplacedLast;

    /// <summary>Entries from <paramref name="First"/> on have this term, until the next run.</summary>
    private readonly record struct TermRun(ulong First, ulong Term);

    /// <summary>Entries of the group in one segment.</summary>
    private readonly record struct SegmentPin(ulong Segment, ulong First, ulong Last);

    public uint Id => id;

    /// <summary>Null until the record of the group's creation was seen: at a log's oldest segment its entries may come first.</summary>
    public Configuration? Initial { get; set; }

    public bool HasHardState { get; private set; }

    public ulong Term { get; private set; }

    public uint Vote { get; private set; }

    public ulong Commit { get; private set; }

    public ulong MarkIndex { get; private set; }

    public ulong MarkTerm { get; private set; }

    public Configuration? MarkConfiguration { get; private set; }

    public ulong LastIndex { get; private set; }

    public ulong LastTerm => terms.Count > 0 ? terms[^1].Term : MarkTerm;

    /// <summary>The oldest segment that holds entries the group needs; null for none.</summary>
    public ulong? OldestPinned => pins.Count > 0 ? pins[0].Segment : null;

    public void SetHardState(ulong term, uint vote, ulong commit)
    {
        HasHardState = true;
        Term = term;
        Vote = vote;
        Commit = commit;
    }

    /// <summary>Notes entries that follow or replace what there was. Where they lie on disk is told by <see cref="Place"/>.</summary>
    public void Append(IReadOnlyList<Entry> entries)
    {
        var first = entries[0].Index;
        if (first <= LastIndex)
        {
            TruncateFrom(first);
        }

        for (var i = 0; i < entries.Count; i++)
        {
            if (terms.Count == 0 || entries[i].Term != terms[^1].Term)
            {
                terms.Add(new TermRun(entries[i].Index, entries[i].Term));
            }
        }

        LastIndex = entries[^1].Index;
        unplacedFirst = unplacedFirst == 0 ? first : Math.Min(unplacedFirst, first);
        unplacedLast = LastIndex;
    }

    public void TruncateFrom(ulong index)
    {
        LastIndex = Math.Min(LastIndex, index - 1);
        while (terms.Count > 0 && terms[^1].First >= index)
        {
            terms.RemoveAt(terms.Count - 1);
        }

        while (pins.Count > 0 && pins[^1].First >= index)
        {
            pins.RemoveAt(pins.Count - 1);
        }

        if (pins.Count > 0 && pins[^1].Last >= index)
        {
            pins[^1] = pins[^1] with { Last = index - 1 };
        }

        unplacedLast = Math.Min(unplacedLast, index - 1);
        if (unplacedLast < unplacedFirst)
        {
            unplacedFirst = unplacedLast = 0;
        }
    }

    /// <summary>A snapshot stands for everything up to <paramref name="index"/>. What follows stays, if it follows.</summary>
    public void SetMark(ulong index, ulong term, Configuration configuration)
    {
        MarkIndex = index;
        MarkTerm = term;
        MarkConfiguration = configuration;
        LastIndex = Math.Max(LastIndex, index);
        while (pins.Count > 0 && pins[0].Last <= index)
        {
            pins.RemoveAt(0);
        }

        if (unplacedLast <= index)
        {
            unplacedFirst = unplacedLast = 0;
        }

        // The run that reaches past the mark stays, even where it began before it.
        while (terms.Count > 1 && terms[1].First <= index + 1)
        {
            terms.RemoveAt(0);
        }

        if (LastIndex == index)
        {
            terms.Clear();
        }
    }

    /// <summary>The entries noted since the last call lie in this segment.</summary>
    public void Place(ulong segment)
    {
        if (unplacedFirst == 0)
        {
            return;
        }

        if (pins.Count > 0 && pins[^1].Segment == segment)
        {
            pins[^1] = new SegmentPin(segment, Math.Min(pins[^1].First, unplacedFirst), unplacedLast);
        }
        else
        {
            pins.Add(new SegmentPin(segment, unplacedFirst, unplacedLast));
        }

        unplacedFirst = unplacedLast = 0;
    }

    /// <summary>Whether the log's own entry at an index has this term; false where the log has no entry.</summary>
    public bool Has(ulong index, ulong term)
    {
        if (index == MarkIndex)
        {
            return term == MarkTerm;
        }

        if (index < MarkIndex || index > LastIndex)
        {
            return false;
        }

        for (var i = terms.Count - 1; i >= 0; i--)
        {
            if (terms[i].First <= index)
            {
                return terms[i].Term == term;
            }
        }

        return false;
    }

    /// <summary>Entries lost their foundation: the ones before them are not in the log. Tolerated while reading, see <see cref="WalReplay"/>.</summary>
    public void StartAt(ulong firstIndex) => LastIndex = firstIndex - 1;
}
