using Cluster.Shared.Http;

namespace Cluster.Lab.Messages;

/// <summary>One message of a frame whose two ends have met, on the records' clock.</summary>
/// <param name="Place">Which of the frame's messages it is.</param>
internal sealed record JoinedPart(MessageRecordView Record, int Place, long SentAt, long? ReceivedAt, string? DroppedBecause, string? Remark)
{
    public MessagePartView Part => Record.Parts[Place];

    /// <summary>In order of sending; what was sent at the same instant in an order that does not depend on who was asked first.</summary>
    public static int BySending(JoinedPart one, JoinedPart other)
    {
        var order = one.SentAt.CompareTo(other.SentAt);
        order = order != 0 ? order : string.CompareOrdinal(one.Record.From, other.Record.From);
        order = order != 0 ? order : one.Record.Sequence.CompareTo(other.Record.Sequence);
        return order != 0 ? order : one.Place.CompareTo(other.Place);
    }
}
