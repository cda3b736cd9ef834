using Cluster.Engine.Sharding;
using Cluster.Shared.KeyValue;

namespace Cluster.Engine.KeyValue;

/// <summary>Snapshots: the revision counter and the records in key order, all numbers in seven-bit groups.</summary>
internal sealed partial class KeyValueMachine
{
    public IMachineSnapshot TakeSnapshot() => new Snapshot(state.Revision, state.Keys.TakeSnapshot());

    public void Restore(Stream stream)
    {
        overlay.Drop();
        state = new KeyValueState();
        using var reader = new BinaryReader(stream, System.Text.Encoding.UTF8, leaveOpen: true);
        var revision = (ulong)reader.Read7BitEncodedInt64();
        var count = reader.Read7BitEncodedInt();
        SnapshotFormat.Require(count >= 0, "keys", count);
        byte[]? last = null;
        for (var i = 0; i < count; i++)
        {
            var record = ReadRecord(reader);
            SnapshotFormat.Require(last is null || last.AsSpan().SequenceCompareTo(record.Key) < 0, "keys out of order at key", i);
            SnapshotFormat.Require(record.Revision <= revision, "a record newer than the store", (long)record.Revision);
            state.Set(record);
            last = record.Key;
        }

        state.RestoreRevision(revision);
    }

    private static KvRecord ReadRecord(BinaryReader reader)
    {
        var key = ReadBytes(reader, KvLimits.MaxKeyBytes, "bytes of a key");
        var value = ReadBytes(reader, KvLimits.MaxValueBytes, "bytes of a value");
        return new KvRecord(key, value, (ulong)reader.Read7BitEncodedInt64(), reader.Read7BitEncodedInt64());
    }

    private static byte[] ReadBytes(BinaryReader reader, int most, string what)
    {
        var length = reader.Read7BitEncodedInt();
        SnapshotFormat.Require(length >= 0 && length <= most, what, length);
        return SnapshotFormat.ReadExactly(reader, length);
    }

    private sealed class Snapshot(ulong revision, KeyspaceSnapshot keys) : IMachineSnapshot
    {
        public void WriteTo(Stream stream)
        {
            using var writer = new BinaryWriter(stream, System.Text.Encoding.UTF8, leaveOpen: true);
            writer.Write7BitEncodedInt64((long)revision);
            writer.Write7BitEncodedInt(keys.Count);
            var cursor = keys.Seek([]);
            while (cursor.MoveNext())
            {
                var record = cursor.Current;
                writer.Write7BitEncodedInt(record.Key.Length);
                writer.Write(record.Key);
                writer.Write7BitEncodedInt(record.Value.Length);
                writer.Write(record.Value);
                writer.Write7BitEncodedInt64((long)record.Revision);
                writer.Write7BitEncodedInt64(record.ExpiresAtMs);
            }
        }

        public void Dispose() => keys.Dispose();
    }
}
