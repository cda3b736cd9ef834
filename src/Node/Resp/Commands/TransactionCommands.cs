using Cluster.Node.Resp.Protocol;
using Cluster.Node.Resp.Table;
using Cluster.Node.Resp.Transactions;
using Cluster.Shared.Wire;

namespace Cluster.Node.Resp.Commands;

/// <summary>
/// MULTI, EXEC and their kin, with Redis's words. EXEC is one batch of the store, so what it does is there at one instant and takes effect once; WATCH
/// notes revisions, which never come back, so a key that was changed and changed back has changed.
/// </summary>
internal static class TransactionCommands
{
    private const string Discarded = "EXECABORT Transaction discarded because of previous errors.";

    /// <summary>Those that MULTI does not queue.</summary>
    public static bool RunsAtOnce(CommandSpec spec) => spec.Name is "exec" or "discard" or "multi" or "watch" or "quit" or "reset";

    public static CommandCall Begin(RespSession session, in RespArguments arguments)
    {
        if (session.Transaction is not null)
        {
            return CommandCall.Error("ERR MULTI calls can not be nested");
        }

        session.Transaction = new Transaction(session.Watched.Slot);
        return RespValue.Ok;
    }

    public static CommandCall Discard(RespSession session, in RespArguments arguments)
    {
        if (session.Transaction is null)
        {
            return CommandCall.Error("ERR DISCARD without MULTI");
        }

        session.EndTransaction();
        return RespValue.Ok;
    }

    /// <summary>EXEC itself was refused: the transaction is over, and nothing is watched.</summary>
    /// <param name="error">Why, code and words; Redis leaves out the code where it says nothing.</param>
    public static CommandCall Abort(RespSession session, string error)
    {
        session.EndTransaction();
        return CommandCall.Error("EXECABORT Transaction discarded because of: " + (error.StartsWith("ERR ", StringComparison.Ordinal) ? error[4..] : error));
    }

    public static CommandCall Watch(RespSession session, in RespArguments arguments)
    {
        if (session.Transaction is not null)
        {
            return CommandCall.Error("ERR WATCH inside MULTI is not allowed");
        }

        var watched = session.Watched;
        var most = session.Server.Options.MaxWatchedKeys;
        if (watched.Count + arguments.Count - 1 > most)
        {
            return CommandCall.Error($"ERR too many watched keys: at most {most} are taken");
        }

        var reads = new KvCommand { Op = KvOp.Batch };
        for (var i = 1; i < arguments.Count; i++)
        {
            reads.Operations.Add(new KvCommand { Op = KvOp.Get, Key = arguments.Key(i) });
        }

        var slot = CommandKeys.SlotOf(reads.Operations);
        if (slot == CommandKeys.Several || (watched.Slot >= 0 && slot != watched.Slot))
        {
            return CommandCall.Error(ErrorReplies.CrossSlot + " (a transaction, with the keys it watches, is of one hash slot)");
        }

        watched.Slot = slot;
        watched.Count += reads.Operations.Count;
        return CommandCall.Later(cancellation => WatchAsync(session, watched, reads, cancellation));
    }

    /// <summary>Also inside MULTI, where it does nothing: EXEC has taken what was watched by then.</summary>
    public static CommandCall Unwatch(RespSession session, in RespArguments arguments)
    {
        session.Watched = new WatchedKeys();
        return RespValue.Ok;
    }

    public static CommandCall Execute(RespSession session, in RespArguments arguments)
    {
        if (session.Transaction is not { } transaction)
        {
            return CommandCall.Error("ERR EXEC without MULTI");
        }

        var watched = session.Watched;
        session.EndTransaction();
        if (transaction.IsSpoiled)
        {
            return CommandCall.Error(Discarded);
        }

        var calls = new CommandCall[transaction.Count];
        for (var i = 0; i < calls.Length; i++)
        {
            var queued = transaction.Queued[i];
            calls[i] = queued.Spec is { } spec ? AtOnce(spec, spec.Handler!(session, queued.Arguments!.Arguments)) : queued.Call;
        }

        var consistency = session.CallConsistency;
        return CommandCall.Later(cancellation => ExecuteAsync(session, calls, watched, consistency, cancellation));
    }

    /// <summary>A command without keys has its answer by now, or acts once the transaction is committed, or has no place in one.</summary>
    private static CommandCall AtOnce(CommandSpec spec, in CommandCall call) =>
        call.Ready is not null || call.Act is not null ? call : CommandCall.Error($"ERR '{spec.Name}' cannot be part of a transaction");

    private static async Task<RespValue> WatchAsync(RespSession session, WatchedKeys watched, KvCommand reads, CancellationToken cancellation)
    {
        var result = await session.ExecuteAsync(reads, ReadConsistency.Linearizable, cancellation).ConfigureAwait(false);
        if ((result.Error is { } error ? ErrorReplies.For(error) : ErrorReplies.For(result.Reply!)) is { } failure)
        {
            watched.Failure = failure;
            return RespValue.Error(failure);
        }

        watched.Found(reads, result.Reply!);
        return RespValue.Ok;
    }

    private static async Task<RespValue> ExecuteAsync(RespSession session, CommandCall[] calls, WatchedKeys watched, ReadConsistency reads, CancellationToken cancellation)
    {
        if (watched.Failure is { } failure)
        {
            return RespValue.Error($"EXECABORT Transaction discarded because WATCH failed: {failure}");
        }

        var batch = new KvCommand { Op = KvOp.Batch };
        watched.Guard(batch);
        foreach (var call in calls)
        {
            if (call.Store is { } store)
            {
                batch.Operations.Add(store);
            }
        }

        if (batch.Operations.Count == 0 && batch.Guards.Count == 0)
        {
            return Done(session, calls, []);
        }

        var consistency = batch.Guards.Count > 0 ? ReadConsistency.Linearizable : reads;
        var result = await session.ExecuteAsync(batch, consistency, cancellation).ConfigureAwait(false);
        if ((result.Error is { } error ? ErrorReplies.For(error) : ErrorReplies.For(result.Reply!)) is { } refused)
        {
            return RespValue.Error(refused);
        }

        return result.Reply!.Status == KvStatus.ConditionFailed ? RespValue.NullArray : Done(session, calls, result.Reply.Replies);
    }

    /// <summary>It is committed: what was to wait for that is done now, in its order.</summary>
    private static TransactionReply Done(RespSession session, CommandCall[] calls, IReadOnlyList<KvReply> replies)
    {
        for (var i = 0; i < calls.Length; i++)
        {
            if (calls[i].Act is { } act)
            {
                calls[i] = act();
            }
        }

        return new TransactionReply(session, calls, replies);
    }
}
