using Cluster.Lab.Messages;

namespace Cluster.Lab.Comparison;

/// <summary>
/// Of what nodes say to each other, that which may serve an operation. Left out: the control plane, the heartbeats of membership, and the beats of Raft groups, of which an idle cluster sends hundreds a
/// second: their number differs from one window to the next by more than a message for each operation, so that they cannot be taken off as an average.
/// </summary>
public static class OperationMessages
{
    /// <summary>
    /// All groups that a node leads beat at once, in one frame for each peer; a round that confirms a read is its own group's, and travels by itself. So more heartbeats than this in one frame are a beat.
    /// </summary>
    private const int MostConfirmedAtOnce = 2;

    public static IEnumerable<RecordedMessage> Of(IEnumerable<RecordedMessage> recorded)
    {
        var messages = recorded.Where(message => message is { Shard: not 0, Kind: not ("NodeHeartbeat" or "NodeHeartbeatReply") }).ToList();

        // The parts of one frame have one sender, one receiver, and one moment of sending.
        var beats = messages.Where(message => message.IsHeartbeat).GroupBy(Frame).Where(frame => frame.Count() > MostConfirmedAtOnce).Select(frame => frame.Key).ToHashSet();
        return messages.Where(message => !message.IsHeartbeat || !beats.Contains(Frame(message)));
    }

    private static (string From, string To, string Kind, long SentAt) Frame(RecordedMessage message) => (message.From, message.To, message.Kind, message.SentAt);
}
