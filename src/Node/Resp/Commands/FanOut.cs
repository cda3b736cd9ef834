using Cluster.Shared.KeyValue;
using Cluster.Shared.Wire;

namespace Cluster.Node.Resp.Commands;

/// <summary>Many store commands at once for one client command, a bounded number at a time. All are waited for, also after one has failed.</summary>
internal static class FanOut
{
    /// <param name="Replies">One for each command, null where there is an error instead.</param>
    /// <param name="Error">The first error in the order of the commands; null when there is none.</param>
    /// <param name="Done">How many succeeded.</param>
    internal readonly record struct Outcome(KvReply?[] Replies, string? Error, int Done);

    public static async Task<Outcome> RunAsync(RespSession session, KvCommand[] commands, ReadConsistency consistency, CancellationToken cancellation)
    {
        var replies = new KvReply?[commands.Length];
        var window = new Task<KvResult>[Math.Min(commands.Length, session.Server.Options.MaxFanOut)];
        string? firstError = null;
        var done = 0;
        for (var from = 0; from < commands.Length; from += window.Length)
        {
            var count = Math.Min(window.Length, commands.Length - from);
            for (var i = 0; i < count; i++)
            {
                window[i] = session.ExecuteAsync(commands[from + i], consistency, cancellation);
            }

            for (var i = 0; i < count; i++)
            {
                var result = await window[i].ConfigureAwait(false);
                replies[from + i] = result.Reply;
                var error = result.Error is { } refused ? ErrorReplies.For(refused) : ErrorReplies.For(result.Reply!);
                firstError ??= error;
                done += error is null ? 1 : 0;
            }

            if (firstError is not null)
            {
                break; // What was not started yet would most likely fail alike, and the client is told how far it got.
            }
        }

        return new Outcome(replies, firstError, done);
    }
}
