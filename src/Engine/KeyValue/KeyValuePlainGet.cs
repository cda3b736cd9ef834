using Cluster.Engine.Sharding;
using Cluster.Shared.KeyValue;
using Cluster.Shared.Wire;
using Google.Protobuf;

namespace Cluster.Engine.KeyValue;

/// <summary>
/// The store's most frequent command, read and answered without an object for either: a get that says nothing but its key. The bytes are those of
/// <see cref="KvCommand"/> and <see cref="KvReply"/>; whatever else a command says, or gets wrong, is left to the general way.
/// </summary>
internal static class KeyValuePlainGet
{
    private const byte KeyTag = (2 << 3) | 2;
    private const byte ReturnValueTag = (10 << 3) | 0;
    private const byte ValueTag = (2 << 3) | 2;
    private const byte HasValueTag = (3 << 3) | 0;
    private const byte RevisionTag = (4 << 3) | 0;
    private const byte ExpiresTag = (5 << 3) | 0;
    private const byte NumberTag = (6 << 3) | 0;

    private static readonly ByteString NotFound = new KvReply { Status = KvStatus.NotFound }.ToByteString();

    /// <summary>Whether the command is such a get. No key at all is the empty key.</summary>
    public static bool TryRead(ReadOnlySpan<byte> command, out ReadOnlySpan<byte> key, out bool returnValue)
    {
        key = default;
        returnValue = false;
        // By hand what a reader would throw for: a length of one or two bytes covers the keys that matter.
        if (command.Length < 2 || command[0] != KeyTag)
        {
            return false;
        }

        var (length, at) = command[1] < 0x80 ? (command[1], 2) : command.Length > 2 && command[2] < 0x80 ? ((command[1] & 0x7F) | (command[2] << 7), 3) : (int.MaxValue, 0);
        if (length > KvLimits.MaxKeyBytes || length > command.Length - at)
        {
            return false;
        }

        key = command.Slice(at, length);
        var rest = command[(at + length)..];
        returnValue = rest.Length == 2 && rest[0] == ReturnValueTag && rest[1] == 1;
        return rest.IsEmpty || returnValue;
    }

    /// <summary>The reply that describes a record, or the lack of one.</summary>
    public static ByteString Reply(KvRecord? record, bool returnValue)
    {
        if (record is null)
        {
            return NotFound;
        }

        var expires = WireWriter.ZigZag(record.ExpiresAtMs);
        var number = WireWriter.ZigZag(record.Value.Length);
        var size = (returnValue ? WireWriter.SizeOfBytes(record.Value.Length) + 2 : 0)
            + WireWriter.SizeOfField(record.Revision) + WireWriter.SizeOfField(expires) + WireWriter.SizeOfField(number);
        var bytes = GC.AllocateUninitializedArray<byte>(size);
        var writer = new WireWriter(bytes);
        if (returnValue)
        {
            writer.BytesField(ValueTag, record.Value);
            writer.Field(HasValueTag, 1);
        }

        writer.Field(RevisionTag, record.Revision);
        writer.Field(ExpiresTag, expires);
        writer.Field(NumberTag, number);
        return UnsafeByteOperations.UnsafeWrap(bytes);
    }
}
