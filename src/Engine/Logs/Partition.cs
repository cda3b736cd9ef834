using System.Collections.Immutable;
using Cluster.Shared.Wire;
using Google.Protobuf;

namespace Cluster.Engine.Logs;

/// <summary>
/// One partition in one replica: its head as applied and as the leader expects it, its batches in an immutable list that a snapshot takes as it is, and an index of keys where the
/// partition is kept by key. The index follows from the batches, so it stands in no snapshot.
/// </summary>
internal sealed class Partition(string name)
{
    private readonly Dictionary<ByteString, NewestRecord> newest = [];
    private readonly Dictionary<ByteString, List<ulong>> streams = [];
    private PartitionHead? expected;
    private ulong batchDigest;
    private long replacedBytes; // Since the last compaction began.
    private long tombstoneBytes; // Of keys whose last record is one.
    private long tombstonesTakenToMs; // By the last compaction.

    public string Name { get; } = name;

    public PartitionHead Applied { get; private set; } = PartitionHead.Empty;

    /// <summary>What the next decision rests on: everything proposed so far.</summary>
    public PartitionHead Expected => expected ?? Applied;

    /// <summary>The log index of the last proposed change that is not applied yet; 0 when there is none.</summary>
    public ulong ProposedIndex { get; private set; }

    public ImmutableList<StoredBatch> Batches { get; private set; } = [];

    /// <summary>Bytes that were appended since the last compaction began.</summary>
    public long DirtyBytes { get; private set; }

    /// <summary>
    /// About what a compaction that begins now would take. It counts only what was replaced since the last one began, and tombstones only when all that the last one left have become old: so where it can take nothing
    /// it is 0 before long, and no pass follows on a pass without gain. Each replica counts for itself; only the leader's count decides.
    /// </summary>
    public long GarbageBytes(long nowMs) =>
        replacedBytes + (Applied.TombstonesBefore(nowMs) is > 0 and var before && before - Applied.Settings.RetentionMs >= tombstonesTakenToMs ? tombstoneBytes : 0);

    public ulong Digest => HeadDigest.Of(Name, Applied) + batchDigest;

    public void Propose(ulong index, PartitionHead head) => (ProposedIndex, expected) = (index, head);

    public void ForgetProposed() => (ProposedIndex, expected) = (0, null);

    /// <exception cref="InvalidDataException">The change cannot follow on this state.</exception>
    public void Apply(LogChange change)
    {
        var wasCleaning = Applied.IsCleaning;
        Applied = Applied.After(change);
        switch (change.BodyCase)
        {
            case LogChange.BodyOneofCase.Appended:
                var (first, last) = (change.Appended.BaseOffset, Applied.End - 1);
                Add(StoredBatch.Of(first, last, Applied.LastMs, change.Appended.Batch));
                break;
            case LogChange.BodyOneofCase.Trimmed:
                Trim();
                break;
            case LogChange.BodyOneofCase.Cleaned:
                if (!wasCleaning)
                {
                    (DirtyBytes, replacedBytes) = (0, 0); // The pass begins: what comes from now on is for the next one.
                    tombstonesTakenToMs = change.Cleaned.TombstonesBeforeMs;
                }

                Clean(change.Cleaned);
                break;
        }
    }

    /// <summary>The place of the first batch that ends at this offset or after it.</summary>
    public int Find(ulong offset) => Batches.BinarySearch(StoredBatch.At(offset), StoredBatch.ByLast) is var place && place < 0 ? ~place : place;

    /// <summary>Offsets of a stream's records, in the order of its versions.</summary>
    public IReadOnlyList<ulong> Stream(ByteString key) => streams.TryGetValue(key, out var offsets) ? offsets : [];

    /// <summary>Whether a record would be gone after a compaction: a newer one has its key, or it is a tombstone that was kept for long enough.</summary>
    public bool IsSuperseded(LogRecord record, long atMs, long tombstonesBeforeMs) =>
        !IsNewest(record) || (!record.HasValue && atMs < tombstonesBeforeMs);

    public void Restore(PartitionHead head, IEnumerable<StoredBatch> batches)
    {
        Applied = head with { Bytes = 0 };
        foreach (var batch in batches)
        {
            Add(batch);
            Applied = Applied with { Bytes = Applied.Bytes + batch.Bytes.Length };
        }

        DirtyBytes = Batches.Where(batch => batch.Base >= DirtyFrom).Sum(batch => (long)batch.Bytes.Length);
    }

    private ulong DirtyFrom => Applied.IsCleaning ? Applied.CleanUntil : Applied.CleanedTo;

    private void Add(StoredBatch batch)
    {
        Batches = Batches.Add(batch);
        batchDigest += batch.Digest;
        DirtyBytes += batch.Bytes.Length;
        if (Applied.Settings.Cleanup == LogCleanup.Delete)
        {
            return;
        }

        var records = batch.Read().Records;
        foreach (var record in records)
        {
            if (Applied.Settings.Cleanup == LogCleanup.Compact)
            {
                Replace(record, records.Count == 1 ? batch.Bytes.Length : record.CalculateSize());
            }
            else if (streams.TryGetValue(record.Key, out var offsets))
            {
                offsets.Add(record.Offset);
            }
            else
            {
                streams.Add(record.Key, [record.Offset]);
            }
        }
    }

    private void Replace(LogRecord record, int size)
    {
        if (newest.TryGetValue(record.Key, out var before))
        {
            replacedBytes += before.Size;
            tombstoneBytes -= before.IsTombstone ? before.Size : 0;
        }

        newest[record.Key] = new NewestRecord(record.Offset, size, IsTombstone: !record.HasValue);
        tombstoneBytes += record.HasValue ? 0 : size;
    }

    private bool IsNewest(LogRecord record) => newest.TryGetValue(record.Key, out var last) && last.Offset == record.Offset;

    private void Trim()
    {
        var gone = Find(Applied.Start);
        long bytes = 0;
        foreach (var batch in Batches.Take(gone))
        {
            batchDigest -= batch.Digest;
            bytes += batch.Bytes.Length;
        }

        Batches = Batches.RemoveRange(0, gone);
        Shrink(bytes);
    }

    private void Clean(LogCleaned step)
    {
        long bytes = 0;
        var forgottenTo = Applied.ForgottenTo;
        var kept = Batches.ToBuilder();
        for (var at = Find(step.From); at < kept.Count && kept[at].Last < step.To;)
        {
            var before = kept[at];
            var batch = before.Read();
            var left = new LogBatch { AtMs = batch.AtMs };
            foreach (var record in batch.Records)
            {
                if (!IsSuperseded(record, batch.AtMs, step.TombstonesBeforeMs))
                {
                    left.Records.Add(record);
                }
                else if (IsNewest(record) && newest.Remove(record.Key, out var tombstone))
                {
                    tombstoneBytes -= tombstone.Size;
                    forgottenTo = Math.Max(forgottenTo, record.Offset + 1);
                }
            }

            if (left.Records.Count == batch.Records.Count)
            {
                at++;
                continue;
            }

            bytes += before.Bytes.Length;
            batchDigest -= before.Digest;
            if (left.Records.Count == 0)
            {
                kept.RemoveAt(at);
                continue;
            }

            var after = StoredBatch.Of(before.Base, before.Last, before.AtMs, left.ToByteString());
            bytes -= after.Bytes.Length;
            batchDigest += after.Digest;
            kept[at++] = after;
        }

        Batches = kept.ToImmutable();
        Applied = Applied with { ForgottenTo = forgottenTo };
        Shrink(bytes);
    }

    /// <summary>What went is not expected any more either.</summary>
    private void Shrink(long bytes)
    {
        Applied = Applied with { Bytes = Applied.Bytes - bytes };
        expected = expected is null ? null : expected with { Bytes = expected.Bytes - bytes };
    }

    /// <summary>A key's last record.</summary>
    /// <param name="Size">What it takes in its batch, in bytes; near enough to decide when a compaction is worth it.</param>
    private readonly record struct NewestRecord(ulong Offset, int Size, bool IsTombstone);
}
