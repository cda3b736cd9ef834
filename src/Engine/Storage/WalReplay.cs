using System.Buffers.Binary;
using Cluster.Shared.Ids;
using Cluster.Shared.Wire;
using Google.Protobuf;

namespace Cluster.Engine.Storage;

/// <summary>
/// Rebuilds the groups from batches read in order. The oldest segment still there may start in the middle of a group's life: its first
/// entries may leave a gap to the mark known so far, which a later mark must cover. <see cref="Finish"/> refuses what is left uncovered,
/// so that no entry is missing silently.
/// </summary>
internal sealed class WalReplay(WalOptions options)
{
    private readonly SortedDictionary<uint, WalGroup> groups = [];
    private readonly Dictionary<uint, List<Entry>> entries = [];
    private readonly Dictionary<uint, List<Entry>> tails = [];
    private readonly List<Entry> record = [];

    public long Batches { get; private set; }

    public long Records { get; private set; }

    /// <exception cref="StorageCorruptException">The batch's checksum held, yet its records make no sense: written by a faulty program.</exception>
    public void Apply(ReadOnlySpan<byte> body, int records, string path, long offset, ulong segment)
    {
        Batches++;
        for (var i = 0; i < records; i++)
        {
            var length = body.Length < WalRecordBuffer.RecordHeaderSize ? -1 : BinaryPrimitives.ReadInt32LittleEndian(body[5..]);
            if (length < 0 || length > body.Length - WalRecordBuffer.RecordHeaderSize)
            {
                throw new StorageCorruptException(path, offset, $"record {i + 1} of {records} of a batch is longer than the batch");
            }

            var group = BinaryPrimitives.ReadUInt32LittleEndian(body[1..]);
            try
            {
                Apply((WalRecordKind)body[0], group, body.Slice(WalRecordBuffer.RecordHeaderSize, length), segment);
            }
            catch (Exception error) when (error is InvalidProtocolBufferException or ArgumentException or FormatException)
            {
                throw new StorageCorruptException(path, offset, $"record {i + 1} of {records} (group {group}) does not read: {error.Message}");
            }

            Records++;
            body = body[(WalRecordBuffer.RecordHeaderSize + length)..];
        }
    }

    /// <summary>Checks that what was read is whole, and hands it over.</summary>
    /// <exception cref="StorageCorruptException">A group lacks its beginning, entries, or what it had committed.</exception>
    public (SortedDictionary<uint, WalGroup> Live, List<RecoveredGroup> Recovered) Finish(string path)
    {
        var recovered = new List<RecoveredGroup>();
        foreach (var (id, group) in groups)
        {
            var own = entries[id];
            if (group.Initial is null)
            {
                throw new StorageCorruptException(path, 0, $"group {new ShardId(id)} has records but none of its creation");
            }

            if (own.Count > 0 && own[0].Index != group.MarkIndex + 1)
            {
                throw new StorageCorruptException(path, 0, $"group {new ShardId(id)} lacks its entries {group.MarkIndex + 1} to {own[0].Index - 1}: a segment that held them is missing");
            }

            if (group.Commit > group.LastIndex)
            {
                throw new StorageCorruptException(path, 0, $"group {new ShardId(id)} had committed up to {group.Commit}, but its last entry here is {group.LastIndex}");
            }

            recovered.Add(new RecoveredGroup
            {
                Group = new ShardId(id),
                InitialConfiguration = group.Initial,
                Term = group.Term,
                Vote = group.Vote,
                Commit = group.Commit,
                SnapshotIndex = group.MarkIndex,
                SnapshotTerm = group.MarkTerm,
                SnapshotConfiguration = group.MarkConfiguration,
                Entries = own,
                Tail = tails[id],
            });
        }

        return (groups, recovered);
    }

    private void Apply(WalRecordKind kind, uint id, ReadOnlySpan<byte> body, ulong segment)
    {
        switch (kind)
        {
            case WalRecordKind.Entries:
                ReadEntries(body);
                Append(id, segment);
                break;
            case WalRecordKind.Truncate:
                Truncate(id, BinaryPrimitives.ReadUInt64LittleEndian(body));
                break;
            case WalRecordKind.HardState:
                Group(id).SetHardState(
                    BinaryPrimitives.ReadUInt64LittleEndian(body),
                    BinaryPrimitives.ReadUInt32LittleEndian(body[8..]),
                    BinaryPrimitives.ReadUInt64LittleEndian(body[12..]));
                break;
            case WalRecordKind.GroupCreated:
                Group(id).Initial = Configuration.Parser.ParseFrom(body);
                break;
            case WalRecordKind.GroupRemoved:
                groups.Remove(id);
                entries.Remove(id);
                tails.Remove(id);
                break;
            case WalRecordKind.SnapshotMark:
                Mark(id, BinaryPrimitives.ReadUInt64LittleEndian(body), BinaryPrimitives.ReadUInt64LittleEndian(body[8..]), Configuration.Parser.ParseFrom(body[16..]));
                break;
            default:
                throw new FormatException($"unknown record kind {(byte)kind}");
        }
    }

    private WalGroup Group(uint id)
    {
        if (!groups.TryGetValue(id, out var group))
        {
            groups.Add(id, group = new WalGroup(id));
            entries.Add(id, []);
            tails.Add(id, []);
        }

        return group;
    }

    private void ReadEntries(ReadOnlySpan<byte> body)
    {
        record.Clear();
        var count = BinaryPrimitives.ReadInt32LittleEndian(body);
        body = body[sizeof(int)..];
        for (var i = 0; i < count; i++)
        {
            var size = BinaryPrimitives.ReadInt32LittleEndian(body);
            var entry = Entry.Parser.ParseFrom(body.Slice(sizeof(int), size));
            if (entry.Index == 0 || (record.Count > 0 && entry.Index != record[^1].Index + 1))
            {
                throw new FormatException($"entry {entry.Index} does not follow the one before it");
            }

            record.Add(entry);
            body = body[(sizeof(int) + size)..];
        }

        if (record.Count == 0)
        {
            throw new FormatException("no entry in it");
        }
    }

    private void Append(uint id, ulong segment)
    {
        var group = Group(id);
        var own = entries[id];

        // A segment's first batch repeats the marks after the records that it came with, so that entries older than the mark may follow a newer one.
        record.RemoveRange(0, record.FindIndex(entry => entry.Index > group.MarkIndex) is var index and >= 0 ? index : record.Count);
        if (record.Count == 0)
        {
            return;
        }

        var first = record[0].Index;
        if (first > group.LastIndex + 1)
        {
            if (own.Count > 0)
            {
                throw new FormatException($"entries start at {first}, the last one before is {group.LastIndex}");
            }

            group.StartAt(first);
        }

        RemoveFrom(own, first);
        group.Append(record);
        group.Place(segment);
        own.AddRange(record);
    }

    private void Truncate(uint id, ulong fromIndex)
    {
        var group = Group(id);
        if (fromIndex > group.MarkIndex)
        {
            group.TruncateFrom(fromIndex);
            RemoveFrom(entries[id], fromIndex);
        }
    }

    private void Mark(uint id, ulong index, ulong term, Configuration configuration)
    {
        var group = Group(id);
        if (index < group.MarkIndex)
        {
            throw new FormatException($"snapshot mark {index} after mark {group.MarkIndex}");
        }

        group.SetMark(index, term, configuration);
        var own = entries[id];
        var gone = own.Count == 0 || own[0].Index > index ? 0 : (int)Math.Min((ulong)own.Count, index - own[0].Index + 1);
        KeepTail(tails[id], own, gone, index, term);
        own.RemoveRange(0, gone);
    }

    /// <summary>What a mark lets go, if it ends at the very entry that the mark names: then it is the history that the snapshot stands for, and follows the tail so far.</summary>
    private void KeepTail(List<Entry> tail, List<Entry> own, int gone, ulong index, ulong term)
    {
        if (gone == 0 || own[gone - 1].Index != index || own[gone - 1].Term != term)
        {
            if (tail.Count > 0 && tail[^1].Index != index)
            {
                tail.Clear();
            }

            return;
        }

        if (tail.Count > 0 && tail[^1].Index + 1 != own[0].Index)
        {
            tail.Clear();
        }

        tail.AddRange(own.GetRange(0, gone));
        var (kept, bytes) = (0, 0L);
        while (kept < tail.Count && kept < options.TailEntries && (bytes += tail[^(kept + 1)].Data.Length) <= options.TailBytes)
        {
            kept++;
        }

        tail.RemoveRange(0, tail.Count - kept);
    }

    private static void RemoveFrom(List<Entry> own, ulong index)
    {
        if (own.Count > 0 && own[^1].Index >= index)
        {
            var keep = index <= own[0].Index ? 0 : (int)(index - own[0].Index);
            own.RemoveRange(keep, own.Count - keep);
        }
    }
}
