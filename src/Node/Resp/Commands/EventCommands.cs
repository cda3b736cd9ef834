using Cluster.Node.Resp.Protocol;
using Cluster.Shared.Http;

namespace Cluster.Node.Resp.Commands;

/// <summary>
/// CLIENT EVENTS, which Redis has not: this node's view of what happens in the cluster (members, leaders, moves), pushed to a RESP3 connection as it happens.
/// Events are numbered: a client that was too slow sees the gap, and asks again from the last number it saw.
/// </summary>
internal static class EventCommands
{
    public static CommandCall Handle(RespSession session, in RespArguments arguments)
    {
        if (arguments.Is(2, "OFF"u8) && arguments.Count == 3)
        {
            session.Events!.Stop();
            return RespValue.Ok;
        }

        var isResumed = arguments.Count == 5 && arguments.Is(3, "AFTER"u8);
        if (!arguments.Is(2, "ON"u8) || (arguments.Count != 3 && !isResumed))
        {
            return CommandCall.Error(ErrorReplies.Syntax);
        }

        var after = 0L;
        if (isResumed && (!arguments.TryInteger(4, out after) || after < 0))
        {
            return CommandCall.Error(ErrorReplies.NotAnInteger);
        }

        if (session.Protocol != 3)
        {
            return CommandCall.Error("ERR events are pushed, and only RESP3 has pushes: say HELLO 3 first");
        }

        // Begins when all earlier replies are written, HELLO's among them: a client is not pushed to before it knows that it speaks RESP3.
        return CommandCall.Later(_ =>
        {
            session.Events!.Start(session.Server.Status, isResumed ? (ulong)after : session.Server.Status.LastEvent);
            return Task.FromResult(RespValue.Ok);
        });
    }

    /// <summary>One event as a push: its kind of push, number, Unix time in milliseconds, who tells it, what it is, and all of it in words.</summary>
    public static RespValue Describe(ClusterEventView told) => RespValue.Push(
        RespValue.Bulk("cluster-event"),
        RespValue.Integer((long)told.Sequence),
        RespValue.Integer(told.At.ToUnixTimeMilliseconds()),
        RespValue.Bulk(told.Node),
        RespValue.Bulk(told.Kind.ToString()),
        RespValue.Bulk(told.Text));
}
