using Cluster.Shared.Http;
using Cluster.Shared.Wire;
using static Cluster.Engine.Remoting.Recording.WireFields;

namespace Cluster.Engine.Remoting.Recording;

/// <summary>Says what a message on the control channel is: heartbeats between nodes, joins, and what is asked of the control plane's leader.</summary>
internal static class ControlWords
{
    public static MessagePartView? Tell(ReadOnlySpan<byte> message, int bytes)
    {
        MessagePartView? told = null;
        var fields = new WireFields(message);
        while (fields.Next())
        {
            var (kind, text) = fields.Field switch
            {
                ControlMessage.SeedQueryFieldNumber => ("SeedQuery", "is there a cluster?"),
                ControlMessage.SeedAnswerFieldNumber => ("SeedAnswer", $"it is {(SeedStanding)NumberIn(fields.Bytes, SeedAnswer.StandingFieldNumber)}"),
                ControlMessage.JoinRequestFieldNumber => ("JoinRequest", "asks to be let in"),
                ControlMessage.JoinReplyFieldNumber => ("JoinReply", "an answer to a join"),
                ControlMessage.HeartbeatFieldNumber => ("NodeHeartbeat", TellHeartbeat(fields.Bytes)),
                ControlMessage.HeartbeatReplyFieldNumber => ("NodeHeartbeatReply", $"to number {NumberIn(fields.Bytes, NodeHeartbeatReply.SequenceFieldNumber)}, has applied epoch {NumberIn(fields.Bytes, NodeHeartbeatReply.EpochFieldNumber)}"),
                ControlMessage.RequestFieldNumber => ("ControlRequest", "asks the control plane for a change"),
                ControlMessage.ResponseFieldNumber => ("ControlResponse", "the control plane's answer"),
                _ => ("", ""),
            };
            told = kind.Length == 0 ? told : new MessagePartView(kind, text, bytes);
        }

        return fields.IsBroken ? null : told;
    }

    private static string TellHeartbeat(ReadOnlySpan<byte> heartbeat)
    {
        var shards = new List<ulong>();
        var fields = new WireFields(heartbeat);
        while (fields.Next())
        {
            if (fields.Field == NodeHeartbeat.LeadsFieldNumber && shards.Count < PartLimits.MaxParts)
            {
                shards.Add(NumberIn(fields.Bytes, LedShard.ShardFieldNumber));
            }
        }

        return $"number {NumberIn(heartbeat, NodeHeartbeat.SequenceFieldNumber)}, has applied epoch {NumberIn(heartbeat, NodeHeartbeat.EpochFieldNumber)}, leads {(shards.Count == 0 ? "nothing" : string.Join(", ", shards))}"
            + (IsSet(heartbeat, NodeHeartbeat.RetiringFieldNumber) ? ", retires" : "");
    }
}
