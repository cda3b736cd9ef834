using Cluster.Node.Resp.Commands;
using Cluster.Node.Resp.Protocol;
using Cluster.Shared.Wire;

namespace Cluster.Node.Resp.Transactions;

/// <summary>EXEC's answer: that of each command, in its own words.</summary>
internal sealed class TransactionReply(RespSession session, CommandCall[] calls, IReadOnlyList<KvReply> replies) : RespValue
{
    public override void Write(RespWriter writer)
    {
        writer.Array(calls.Length);
        var next = 0;
        foreach (var call in calls)
        {
            if (call.Store is null)
            {
                call.Ready!.Write(writer);
                continue;
            }

            var reply = replies[next++];
            if (ErrorReplies.For(reply) is { } error)
            {
                writer.Error(error);
            }
            else
            {
                call.Format!(writer, reply, session);
            }
        }
    }
}
