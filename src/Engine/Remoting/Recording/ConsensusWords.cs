using Cluster.Shared.Http;
using Cluster.Shared.Wire;
using static Cluster.Engine.Remoting.Recording.WireFields;

namespace Cluster.Engine.Remoting.Recording;

/// <summary>Says what one Raft message is.</summary>
internal static class ConsensusWords
{
    public static MessagePartView? Tell(ReadOnlySpan<byte> message, int bytes)
    {
        uint group = 0;
        ulong term = 0;
        var part = new MessagePartView("", "", bytes);
        var fields = new WireFields(message);
        while (fields.Next())
        {
            switch (fields.Field)
            {
                case RaftMessage.GroupFieldNumber:
                    group = (uint)fields.Number;
                    break;
                case RaftMessage.TermFieldNumber:
                    term = fields.Number;
                    break;
                case RaftMessage.FromFieldNumber or RaftMessage.ToFieldNumber:
                    break;
                default:
                    part = TellBody(part, fields.Field, fields.Bytes, group);
                    break;
            }
        }

        return part.Kind.Length == 0 || fields.IsBroken ? null : part with { Shard = group, Term = term };
    }

    private static MessagePartView TellBody(MessagePartView part, int field, ReadOnlySpan<byte> body, uint group) => field switch
    {
        RaftMessage.AppendFieldNumber => TellAppend(part, body, group),
        RaftMessage.AppendReplyFieldNumber => TellAppendReply(part, body),
        RaftMessage.HeartbeatFieldNumber => part with { Kind = "Heartbeat", Text = $"commit {NumberIn(body, Heartbeat.CommitFieldNumber)}, asks for confirmation of read round {NumberIn(body, Heartbeat.RoundFieldNumber)}" },
        RaftMessage.HeartbeatReplyFieldNumber => part with { Kind = "HeartbeatReply", Text = $"confirms read round {NumberIn(body, HeartbeatReply.RoundFieldNumber)}, its log ends at {NumberIn(body, HeartbeatReply.LastIndexFieldNumber)}" },
        RaftMessage.VoteFieldNumber => TellVote(part, body),
        RaftMessage.VoteReplyFieldNumber => part with
        {
            Kind = IsSet(body, VoteReply.PreVoteFieldNumber) ? "PreVoteReply" : "VoteReply",
            Text = $"{(IsSet(body, VoteReply.GrantedFieldNumber) ? "grants" : "refuses")} term {NumberIn(body, VoteReply.CampaignTermFieldNumber)}",
        },
        RaftMessage.SnapshotFieldNumber => part with
        {
            Kind = "InstallSnapshot", Text = $"state up to index {NumberIn(body, InstallSnapshot.LastIndexFieldNumber)}", Last = NumberIn(body, InstallSnapshot.LastIndexFieldNumber),
        },
        RaftMessage.TimeoutNowFieldNumber => part with { Kind = "TimeoutNow", Text = "hands the leadership over: campaign at once" },
        RaftMessage.ReplicaQueryFieldNumber => part with { Kind = "ReplicaQuery", Text = "am I still a replica of this group?" },
        RaftMessage.ReplicaAnswerFieldNumber => part with { Kind = "ReplicaAnswer", Text = $"no, as of the configuration at index {NumberIn(body, ReplicaAnswer.ConfigurationIndexFieldNumber)}" },
        _ => part,
    };

    private static MessagePartView TellAppend(MessagePartView part, ReadOnlySpan<byte> body, uint group)
    {
        var keys = new KeyList();
        var told = new List<string>();
        ulong first = 0, last = 0;
        var entries = 0;
        var fields = new WireFields(body);
        while (fields.Next())
        {
            if (fields.Field != AppendEntries.EntriesFieldNumber)
            {
                continue;
            }

            entries++;
            var index = NumberIn(fields.Bytes, Entry.IndexFieldNumber);
            first = first == 0 ? index : first;
            last = Math.Max(last, index);
            if (told.Count < PartLimits.MaxKeys)
            {
                told.Add(EntryWords.Tell(fields.Bytes, group, keys));
            }
        }

        var after = $"after {NumberIn(body, AppendEntries.PrevIndexFieldNumber)}, commit {NumberIn(body, AppendEntries.CommitFieldNumber)}";
        return part with
        {
            Kind = "AppendEntries",
            First = entries == 0 ? null : first,
            Last = entries == 0 ? null : last,
            Keys = keys.Keys,
            Text = entries == 0 ? $"no entry, {after}" : $"{string.Join(", ", told)}{(entries > told.Count ? $" and {entries - told.Count} more" : "")}; {after}",
        };
    }

    private static MessagePartView TellAppendReply(MessagePartView part, ReadOnlySpan<byte> body)
    {
        var match = NumberIn(body, AppendReply.MatchIndexFieldNumber);
        return IsSet(body, AppendReply.SuccessFieldNumber)
            ? part with { Kind = "AppendReply", Last = match, Text = $"has all up to {match} on disk" }
            : part with { Kind = "AppendReply", Text = $"refuses what follows {NumberIn(body, AppendReply.RejectedIndexFieldNumber)}: look back to {NumberIn(body, AppendReply.ConflictIndexFieldNumber)}" };
    }

    private static MessagePartView TellVote(MessagePartView part, ReadOnlySpan<byte> body) => part with
    {
        Kind = IsSet(body, RequestVote.PreVoteFieldNumber) ? "PreVote" : "RequestVote",
        Text = $"for term {NumberIn(body, RequestVote.CampaignTermFieldNumber)}, its log ends at {NumberIn(body, RequestVote.LastIndexFieldNumber)} (term {NumberIn(body, RequestVote.LastTermFieldNumber)})"
            + (IsSet(body, RequestVote.TransferFieldNumber) ? ", told to by the leader" : ""),
    };
}
