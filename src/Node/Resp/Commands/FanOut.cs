using Cluster.Shared.KeyValue;
using Cluster.Shared.Wire;

namespace Cluster.Node.Resp.Commands;

/// <summary>
/// Many store commands at once for one client command, a bounded number at a time. All are waited for, also after one has failed. What they answer with is bounded too, and counted as it comes: when it is
/// too much, those that are still out are called off and what comes yet is dropped. So it is never much more than the bound that is held.
/// </summary>
internal static class FanOut
{
    /// <param name="Replies">One for each command, null where there is an error instead.</param>
    /// <param name="Error">The first error in the order of the commands; null when there is none.</param>
    /// <param name="Done">How many succeeded.</param>
    internal readonly record struct Outcome(KvReply?[] Replies, string? Error, int Done);

    public static async Task<Outcome> RunAsync(RespSession session, KvCommand[] commands, ReadConsistency consistency, CancellationToken cancellation)
    {
        using var room = new ReplyRoom(session.Server.Options.MaxReplyBytes, cancellation);
        var replies = new KvReply?[commands.Length];
        var window = new Task<KvResult>[Math.Min(commands.Length, session.Server.Options.MaxFanOut)];
        string? firstError = null;
        var done = 0;
        for (var from = 0; from < commands.Length; from += window.Length)
        {
            var count = Math.Min(window.Length, commands.Length - from);
            for (var i = 0; i < count; i++)
            {
                window[i] = ExecuteAsync(session, commands[from + i], consistency, room);
            }

            for (var i = 0; i < count; i++)
            {
                var result = await window[i].ConfigureAwait(false);
                replies[from + i] = result.Reply;
                var error = result.Error is { } refused ? ErrorReplies.For(refused) : ErrorReplies.For(result.Reply!);
                firstError ??= error;
                done += error is null ? 1 : 0;
            }

            if (room.IsOver)
            {
                firstError = $"ERR the values have more than {session.Server.Options.MaxReplyBytes} bytes together, the most that one reply has: ask for fewer keys at a time";
            }

            if (firstError is not null)
            {
                break; // What was not started yet would most likely fail alike, and the client is told how far it got.
            }
        }

        return new Outcome(replies, firstError, done);
    }

    private static async Task<KvResult> ExecuteAsync(RespSession session, KvCommand command, ReadConsistency consistency, ReplyRoom room)
    {
        try
        {
            var result = await session.Server.Store.ExecuteAsync(command, consistency, RequestIdentity.None, room.Token).ConfigureAwait(false);
            return room.TryTake(result.Reply?.Value.Length ?? 0) ? result : RespSession.Ended;
        }
        catch (OperationCanceledException)
        {
            return RespSession.Ended;
        }
    }

    /// <summary>Room for the values of one reply. Writes bring none, so none is ever called off.</summary>
    private sealed class ReplyRoom(long bytes, CancellationToken cancellation) : IDisposable
    {
        private readonly CancellationTokenSource over = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        private long left = bytes;

        public CancellationToken Token => over.Token;

        public bool IsOver => Interlocked.Read(ref left) < 0;

        public bool TryTake(int size)
        {
            if (Interlocked.Add(ref left, -size) >= 0)
            {
                return true;
            }

            over.Cancel();
            return false;
        }

        public void Dispose() => over.Dispose();
    }
}
