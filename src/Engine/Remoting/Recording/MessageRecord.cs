using Cluster.Shared.Http;

namespace Cluster.Engine.Remoting.Recording;

/// <summary>One end of a frame's way, as it is kept: decoded only when somebody reads it.</summary>
/// <param name="Place">Where it stands on the wire; null for a frame that got onto no connection.</param>
internal sealed record MessageRecord(FrameTrace Trace, bool IsReceipt, string From, string To, WirePlace? Place, string? DroppedBecause)
{
    public MessageRecordView Describe(ulong sequence) => new(
        sequence, From, To, Trace.Channel.ToString(), Trace.Lane.ToString(), Trace.PayloadBytes, FrameDecoder.Decode(Trace.Channel, Trace.Head, Trace.PayloadBytes))
    {
        SentAt = IsReceipt ? null : Trace.At,
        ReceivedAt = IsReceipt ? Trace.At : null,
        Session = Place?.Session,
        Number = Place?.Number,
        DroppedBecause = DroppedBecause,
        IsDuplicate = Trace.IsDuplicate ? true : null,
    };
}
