using Cluster.Shared.Wire;

namespace Cluster.Engine.Simulation.Safety;

/// <summary>A log as a list and nothing clever: what a replica's effects, or the writes to its disk, add up to.</summary>
internal sealed class LogMirror
{
    private readonly List<Entry> entries = [];

    public ulong BaseIndex { get; private set; }

    /// <summary>Null where what stands before the first entry is not known.</summary>
    public ulong? BaseTerm { get; private set; } = 0;

    public ulong LastIndex => BaseIndex + (ulong)entries.Count;

    public IReadOnlyList<Entry> Entries => entries;

    public ulong? TermAt(ulong index) =>
        index == BaseIndex ? BaseTerm : index > BaseIndex && index <= LastIndex ? entries[(int)(index - BaseIndex - 1)].Term : null;

    public void Append(Entry entry)
    {
        if (entry.Index <= BaseIndex || entry.Index > LastIndex + 1)
        {
            throw new InvalidOperationException($"entry {entry.Index} does not fit a log of {BaseIndex + 1} to {LastIndex}");
        }

        TruncateFrom(entry.Index);
        entries.Add(entry);
    }

    public void TruncateFrom(ulong index)
    {
        if (index <= LastIndex)
        {
            var keep = index <= BaseIndex ? 0 : (int)(index - BaseIndex - 1);
            entries.RemoveRange(keep, entries.Count - keep);
        }
    }

    public void Reset(ulong index, ulong? term)
    {
        entries.Clear();
        (BaseIndex, BaseTerm) = (index, term);
    }

    public void DropThrough(ulong index)
    {
        if (index > BaseIndex && TermAt(index) is { } term)
        {
            entries.RemoveRange(0, (int)(index - BaseIndex));
            (BaseIndex, BaseTerm) = (index, term);
        }
    }

    public void CopyFrom(LogMirror other)
    {
        entries.Clear();
        entries.AddRange(other.entries);
        (BaseIndex, BaseTerm) = (other.BaseIndex, other.BaseTerm);
    }
}
