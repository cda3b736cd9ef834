using Cluster.Shared.Http;

namespace Cluster.Lab.Messages;

/// <summary>
/// Makes messages of what nodes recorded: each sender's record meets its receiver's by sender, session and number, and each message of a frame becomes one of its own.
/// Pure, and whatever order the records come in, the same messages come out, in order of their sending.
/// </summary>
public static class MessageJoiner
{
    private const string SenderUnknown = "when it was sent is not known, its sender's record is gone";

    /// <param name="records">Of all nodes.</param>
    /// <param name="beginning">When the history began, on the records' clock.</param>
    public static IReadOnlyList<RecordedMessage> Join(IEnumerable<MessageRecordView> records, long beginning)
    {
        var receipts = new Dictionary<(string From, string Session, long Number), MessageRecordView>();
        var sent = new List<MessageRecordView>();
        foreach (var record in records)
        {
            if (record.ReceivedAt is null)
            {
                sent.Add(record);
            }
            else if (record is { Session: { } session, Number: { } number })
            {
                receipts.TryAdd((record.From, session, number), record);
            }
        }

        var frames = new List<JoinedPart>();
        foreach (var record in sent)
        {
            MessageRecordView? receipt = null;
            if (record is { Session: { } session, Number: { } number })
            {
                receipts.Remove((record.From, session, number), out receipt);
            }

            Add(frames, record, record.SentAt ?? 0, receipt?.ReceivedAt, receipt is null ? record.DroppedBecause : receipt.DroppedBecause, record.IsDuplicate == true ? "a duplicate made by a link fault" : null);
        }

        foreach (var receipt in receipts.Values)
        {
            Add(frames, receipt, receipt.ReceivedAt ?? 0, receipt.ReceivedAt, receipt.DroppedBecause, SenderUnknown);
        }

        frames.Sort(JoinedPart.BySending);
        var keys = new AnsweredKeys();
        return [.. frames.Select(frame => Message(frame, keys, beginning))];
    }

    private static void Add(List<JoinedPart> frames, MessageRecordView record, long sentAt, long? receivedAt, string? dropped, string? remark)
    {
        for (var place = 0; place < record.Parts.Count; place++)
        {
            frames.Add(new JoinedPart(record, place, sentAt, receivedAt, dropped, remark));
        }
    }

    private static RecordedMessage Message(JoinedPart joined, AnsweredKeys keys, long beginning)
    {
        var (record, part) = (joined.Record, joined.Part);
        var (shard, touched) = keys.Of(record.From, record.To, part);
        return new RecordedMessage(
            record.From, record.To, part.Kind, shard, part.Term, touched, part.Bytes, joined.SentAt - beginning, joined.ReceivedAt - beginning, joined.DroppedBecause, Words(part, joined.Remark));
    }

    private static string Words(MessagePartView part, string? remark)
    {
        var range = part is { First: { } first, Last: { } last } ? first == last ? $"entry {first}: " : $"entries {first} to {last}: " : "";
        return $"{range}{part.Text}{(remark is null ? "" : $" ({remark})")}";
    }
}
