using Google.Protobuf;

namespace Cluster.Engine.Sharding;

/// <summary>Protobuf messages to byte strings with one buffer and no stream object: what every log entry and reply goes through.</summary>
internal static class WireBytes
{
    public static ByteString ToBytes(this IMessage message)
    {
        var size = message.CalculateSize();
        if (size == 0)
        {
            return ByteString.Empty;
        }

        var bytes = GC.AllocateUninitializedArray<byte>(size);
        message.WriteTo(bytes.AsSpan());
        return UnsafeByteOperations.UnsafeWrap(bytes);
    }
}
