using Cluster.Shared.Wire;

namespace Cluster.Engine.Tests.Consensus;

/// <summary>A message as a line that a reader of the paper can follow.</summary>
internal static class TraceText
{
    public static string Of(RaftMessage message, Func<uint, string> name) => $"{name(message.From),-6} -> {name(message.To),-6} term {message.Term}: {Body(message)}";

    private static string Body(RaftMessage message) => message.BodyCase switch
    {
        RaftMessage.BodyOneofCase.Append => Append(message.Append),
        RaftMessage.BodyOneofCase.AppendReply => Reply(message.AppendReply),
        RaftMessage.BodyOneofCase.Heartbeat => $"heartbeat, commit {message.Heartbeat.Commit}",
        RaftMessage.BodyOneofCase.HeartbeatReply => $"heartbeat answered, last {message.HeartbeatReply.LastIndex}",
        RaftMessage.BodyOneofCase.Vote => $"{(message.Vote.PreVote ? "pre-vote" : "vote")} for term {message.Vote.CampaignTerm}? last {message.Vote.LastIndex}/{message.Vote.LastTerm}{(message.Vote.Transfer ? ", transfer" : string.Empty)}",
        RaftMessage.BodyOneofCase.VoteReply => $"{(message.VoteReply.PreVote ? "pre-vote" : "vote")} {(message.VoteReply.Granted ? "granted" : "refused")}",
        RaftMessage.BodyOneofCase.Snapshot => $"snapshot {message.Snapshot.LastIndex}/{message.Snapshot.LastTerm}",
        _ => message.BodyCase.ToString(),
    };

    private static string Append(AppendEntries append)
    {
        var entries = append.Entries.Count == 0 ? "nothing" : string.Join(' ', append.Entries.Select(e => $"{e.Index}/{e.Term}"));
        return $"append {entries} after {append.PrevIndex}/{append.PrevTerm}, commit {append.Commit}";
    }

    private static string Reply(AppendReply reply) => reply.Success
        ? $"accepted to {reply.MatchIndex}"
        : reply.RejectedIndex == 0 ? "in a newer term" : $"refused after {reply.RejectedIndex}, try {reply.ConflictIndex}/{reply.ConflictTerm}";
}
