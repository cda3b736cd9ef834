using Cluster.Engine.Sharding;
using Cluster.Shared.Wire;
using Google.Protobuf;

namespace Cluster.Engine.KeyValue;

/// <summary>The log's events (the wire message <see cref="KvEvents"/>) written from a draft and read one by one, in place.</summary>
internal ref struct KeyValueEvents
{
    private const byte FirstRevisionTag = (1 << 3) | 0;
    private const byte EventTag = (2 << 3) | 2;
    private const byte KindTag = (1 << 3) | 0;
    private const byte KeyTag = (2 << 3) | 2;
    private const byte ValueTag = (3 << 3) | 2;
    private const byte ExpiresTag = (4 << 3) | 0;
    private const byte OffsetTag = (5 << 3) | 0;

    private WireReader reader;

    /// <exception cref="InvalidDataException">The bytes are no events, or do not start with their first revision.</exception>
    public KeyValueEvents(ReadOnlySpan<byte> bytes)
    {
        reader = new WireReader(bytes);
        FirstRevision = reader.Tag() == FirstRevisionTag ? reader.Varint() : throw new InvalidDataException("events without their first revision");
    }

    public ulong FirstRevision { get; }

    public KvEventKind Kind { get; private set; }

    public ReadOnlySpan<byte> Key { get; private set; }

    public ReadOnlySpan<byte> Value { get; private set; }

    public long ExpiresAtMs { get; private set; }

    public int Offset { get; private set; }

    /// <exception cref="InvalidDataException">The bytes are no events.</exception>
    public bool MoveNext()
    {
        while (reader.Tag() is var tag and not 0)
        {
            if (tag == EventTag)
            {
                ReadEvent(reader.Bytes());
                return true;
            }

            reader.Skip(tag);
        }

        return false;
    }

    public static ByteString Encode(KeyValueDraft draft, ulong firstRevision)
    {
        var size = WireWriter.SizeOfField(firstRevision);
        for (var i = 0; i < draft.Count; i++)
        {
            var length = SizeOf(draft[i]);
            size += 1 + WireWriter.SizeOf((ulong)length) + length;
        }

        var bytes = GC.AllocateUninitializedArray<byte>(size);
        var writer = new WireWriter(bytes);
        writer.Field(FirstRevisionTag, firstRevision);
        for (var i = 0; i < draft.Count; i++)
        {
            var change = draft[i];
            writer.Length(EventTag, SizeOf(change));
            writer.Field(KindTag, (ulong)change.Kind);
            writer.BytesField(KeyTag, change.Key);
            writer.BytesField(ValueTag, change.Value);
            writer.Field(ExpiresTag, WireWriter.ZigZag(change.ExpiresAtMs));
            writer.Field(OffsetTag, (ulong)change.Offset);
        }

        return UnsafeByteOperations.UnsafeWrap(bytes);
    }

    private static int SizeOf(in KeyValueChange change) => WireWriter.SizeOfField((ulong)change.Kind) + WireWriter.SizeOfBytes(change.Key.Length)
        + WireWriter.SizeOfBytes(change.Value.Length) + WireWriter.SizeOfField(WireWriter.ZigZag(change.ExpiresAtMs))
        + WireWriter.SizeOfField((ulong)change.Offset);

    private void ReadEvent(ReadOnlySpan<byte> bytes)
    {
        (Kind, ExpiresAtMs, Offset) = (KvEventKind.Put, 0, 0);
        Key = Value = default;
        var fields = new WireReader(bytes);
        while (fields.Tag() is var tag and not 0)
        {
            switch (tag)
            {
                case KindTag:
                    Kind = (KvEventKind)fields.Varint();
                    break;
                case KeyTag:
                    Key = fields.Bytes();
                    break;
                case ValueTag:
                    Value = fields.Bytes();
                    break;
                case ExpiresTag:
                    ExpiresAtMs = fields.Signed();
                    break;
                case OffsetTag:
                    Offset = (int)fields.Varint();
                    break;
                default:
                    fields.Skip(tag);
                    break;
            }
        }
    }
}
