using System.Buffers.Binary;
using Cluster.Engine.Consensus;
using Cluster.Engine.Storage;
using Cluster.Shared.Ids;
using Cluster.Shared.Wire;

namespace Cluster.Engine.Simulation.Safety;

/// <summary>
/// What a node's write-ahead log holds on the disk itself, read from the writes that really became durable: neither the log's word for it nor the disk's counts.
/// </summary>
/// <param name="folder">Of the log's segments.</param>
internal sealed class DurableLog(string folder) : IDiskWitness
{
    private readonly string prefix = folder + "/";
    private readonly SortedDictionary<ShardId, DurableGroup> groups = [];
    private readonly Dictionary<object, List<byte[]>> unnamed = [];
    private readonly HashSet<object> named = [];

    /// <summary>By group.</summary>
    public IReadOnlyDictionary<ShardId, DurableGroup> Groups => groups;

    /// <summary>Whether an entry stands there, or a snapshot that it is part of.</summary>
    public bool Holds(ShardId group, ulong index, ulong term) =>
        groups.TryGetValue(group, out var held) && (index <= held.Mark || held.Mirror.TermAt(index) == term);

    public void Flushed()
    {
    }

    public void Kept(string name, object file, long offset, ReadOnlySpan<byte> bytes)
    {
        if (!name.StartsWith(prefix, StringComparison.Ordinal) || !WalBatch.LooksWhole(bytes))
        {
            return;
        }

        if (named.Contains(file))
        {
            Apply(bytes);
            return;
        }

        if (!unnamed.TryGetValue(file, out var batches))
        {
            unnamed.Add(file, batches = []);
        }

        batches.Add(bytes.ToArray());
    }

    public void Named(string name, object? file)
    {
        if (file is not null && name.StartsWith(prefix, StringComparison.Ordinal) && name.EndsWith(WalSegmentHeader.Suffix, StringComparison.Ordinal)
            && named.Add(file) && unnamed.Remove(file, out var batches))
        {
            batches.ForEach(batch => Apply(batch));
        }
    }

    /// <summary>The disk was emptied.</summary>
    public void Clear()
    {
        groups.Clear();
        unnamed.Clear();
        named.Clear();
    }

    /// <summary>After a loss of power, what a node finds is what is there: some of what no flush had covered may have made it.</summary>
    public void Replace(ShardId group, RaftRecovery from)
    {
        var held = new DurableGroup { Term = from.HardState.Term.Value, Vote = from.HardState.VotedFor.Value, Mark = from.Snapshot?.Index.Value ?? 0 };
        ReplicaTrail.Fill(held.Mirror, from);
        groups[group] = held;
    }

    private void Apply(ReadOnlySpan<byte> batch)
    {
        var records = WalBatch.RecordsOf(batch);
        for (var body = batch[WalBatch.HeaderSize..]; records > 0; records--)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(body[5..]);
            Apply((WalRecordKind)body[0], new ShardId(BinaryPrimitives.ReadUInt32LittleEndian(body[1..])), body.Slice(WalRecordBuffer.RecordHeaderSize, length));
            body = body[(WalRecordBuffer.RecordHeaderSize + length)..];
        }
    }

    private void Apply(WalRecordKind kind, ShardId id, ReadOnlySpan<byte> body)
    {
        if (kind == WalRecordKind.GroupRemoved)
        {
            groups.Remove(id);
            return;
        }

        if (!groups.TryGetValue(id, out var group))
        {
            groups.Add(id, group = new DurableGroup());
        }

        switch (kind)
        {
            case WalRecordKind.Entries:
                group.Append(body);
                break;
            case WalRecordKind.Truncate:
                group.Mirror.TruncateFrom(BinaryPrimitives.ReadUInt64LittleEndian(body));
                break;
            case WalRecordKind.HardState:
                (group.Term, group.Vote) = (BinaryPrimitives.ReadUInt64LittleEndian(body), BinaryPrimitives.ReadUInt32LittleEndian(body[8..]));
                break;
            case WalRecordKind.SnapshotMark:
                group.MarkAt(BinaryPrimitives.ReadUInt64LittleEndian(body), BinaryPrimitives.ReadUInt64LittleEndian(body[8..]));
                break;
            default:
                break; // A group's creation: its first configuration is promised to nobody.
        }
    }

    /// <summary>One group there.</summary>
    public sealed class DurableGroup
    {
        public LogMirror Mirror { get; } = new();

        public ulong Term { get; set; }

        public uint Vote { get; set; }

        /// <summary>A snapshot stands for the entries up to here.</summary>
        public ulong Mark { get; set; }

        public void Append(ReadOnlySpan<byte> body)
        {
            var count = BinaryPrimitives.ReadInt32LittleEndian(body);
            body = body[sizeof(int)..];
            for (; count > 0; count--)
            {
                var size = BinaryPrimitives.ReadInt32LittleEndian(body);
                var entry = Entry.Parser.ParseFrom(body.Slice(sizeof(int), size));
                body = body[(sizeof(int) + size)..];
                if (entry.Index > Mirror.BaseIndex && entry.Index <= Mirror.LastIndex + 1)
                {
                    Mirror.Append(entry);
                }
            }
        }

        public void MarkAt(ulong index, ulong term)
        {
            if (index <= Mark)
            {
                return; // Said again at the beginning of a segment.
            }

            Mark = index;
            if (Mirror.TermAt(index) == term)
            {
                Mirror.DropThrough(index);
            }
            else
            {
                Mirror.Reset(index, term);
            }
        }
    }
}
