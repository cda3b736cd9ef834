using Cluster.Node.Resp.Protocol;
using Cluster.Shared.KeyValue;
using Cluster.Shared.Wire;

namespace Cluster.Node.Resp.Commands;

/// <summary>
/// A client command that is one store command for each of many keys. Keys of one hash slot are dealt with as one batch, at one instant; keys of several, and more
/// than a batch takes, by commands under way together: atomic for each key, not for all.
/// </summary>
internal static class ManyKeys
{
    /// <param name="answer">From the replies, none of them an error.</param>
    /// <param name="done">What an error says of those that were done; null for reads.</param>
    public static CommandCall Call(RespSession session, KvCommand[] commands, Func<IReadOnlyList<KvReply>, RespValue> answer, string? done = null)
    {
        // Now: when it runs, the connection may have read on.
        var consistency = session.CallConsistency;
        if (!IsBatch(commands))
        {
            return CommandCall.Later(cancellation => OneByOneAsync(session, commands, answer, done, consistency, cancellation));
        }

        var batch = new KvCommand { Op = KvOp.Batch, Operations = { commands } };
        if (done is null && session.Transaction is null)
        {
            return CommandCall.Later(cancellation => ReadAsync(session, batch, commands, answer, consistency, cancellation));
        }

        return CommandCall.ToStore(batch, (writer, reply, _) => Answer(reply.Replies, answer).Write(writer));
    }

    /// <summary>One batch; values that are too many for one are read one by one.</summary>
    private static async Task<RespValue> ReadAsync(RespSession session, KvCommand batch, KvCommand[] commands, Func<IReadOnlyList<KvReply>, RespValue> answer, ReadConsistency consistency, CancellationToken cancellation)
    {
        var result = await session.ExecuteAsync(batch, consistency, cancellation).ConfigureAwait(false);
        if (result.Error is { } error)
        {
            return RespValue.Error(ErrorReplies.For(error));
        }

        return result.Reply!.Status == KvStatus.TooLarge
            ? await OneByOneAsync(session, commands, answer, null, consistency, cancellation).ConfigureAwait(false)
            : Answer(result.Reply.Replies, answer);
    }

    private static async Task<RespValue> OneByOneAsync(RespSession session, KvCommand[] commands, Func<IReadOnlyList<KvReply>, RespValue> answer, string? done, ReadConsistency consistency, CancellationToken cancellation)
    {
        var outcome = await FanOut.RunAsync(session, commands, consistency, cancellation).ConfigureAwait(false);
        if (outcome.Error is { } error)
        {
            return RespValue.Error(done is null ? error : $"{error} ({outcome.Done} of {commands.Length} keys were {done})");
        }

        return answer(outcome.Replies!);
    }

    private static RespValue Answer(IReadOnlyList<KvReply> replies, Func<IReadOnlyList<KvReply>, RespValue> answer)
    {
        foreach (var reply in replies)
        {
            if (ErrorReplies.For(reply) is { } error)
            {
                return RespValue.Error(error);
            }
        }

        return answer(replies);
    }

    private static bool IsBatch(KvCommand[] commands)
    {
        var bytes = 0L;
        foreach (var command in commands)
        {
            bytes += command.Key.Length + command.Value.Length;
        }

        return commands.Length <= KvLimits.MaxBatchOperations && bytes <= KvLimits.MaxBatchBytes && CommandKeys.SlotOf(commands) != CommandKeys.Several;
    }
}
