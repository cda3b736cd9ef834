using Cluster.Shared.Wire;

namespace Cluster.Simulation.Tests.Consensus;

/// <summary>A log as a list and nothing clever: what a replica's effects add up to. Serves as its disk, and as what the oracle looks at.</summary>
internal sealed class LogMirror
{
    private readonly List<Entry> entries = [];

    public ulong BaseIndex { get; private set; }

    public ulong BaseTerm { get; private set; }

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

        if (entry.Index <= LastIndex)
        {
            entries.RemoveRange((int)(entry.Index - BaseIndex - 1), (int)(LastIndex - entry.Index + 1));
        }

        entries.Add(entry);
    }

    public void Reset(ulong index, ulong term)
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
