using Google.Protobuf;

namespace Cluster.Engine.Remoting;

/// <summary>
/// How full a batch is that travels as one frame: a repeated field of messages, which the transport would drop as a whole if it took more than
/// <see cref="ITransport.MaxFrameBytes"/>. Whoever fills one sends it before the next message would take it over.
/// </summary>
internal struct FrameFill
{
    private int bytes;

    /// <summary>What a message takes in a batch, in bytes, with its tag and its length.</summary>
    public static int SizeOf(IMessage message)
    {
        var size = message.CalculateSize();
        return 1 + CodedOutputStream.ComputeLengthSize(size) + size;
    }

    /// <summary>Counts the message in; false when the batch has to be sent first.</summary>
    public bool TryAdd(int size, int maxFrameBytes)
    {
        if (size > maxFrameBytes - bytes)
        {
            return false;
        }

        bytes += size;
        return true;
    }

    /// <summary>The batch has been sent: the next one starts with a message of this size, 0 for none yet.</summary>
    public void StartWith(int size) => bytes = size;
}
