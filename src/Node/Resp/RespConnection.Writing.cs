using Cluster.Node.Resp.Commands;
using Cluster.Node.Resp.Protocol;
using Cluster.Shared.KeyValue;

namespace Cluster.Node.Resp;

/// <summary>The writing side: answers in order, and hands a batch of replies to the socket at once.</summary>
internal sealed partial class RespConnection
{
    /// <summary>Whether replies can still be sent. When not, what was started is waited for and forgotten.</summary>
    private bool canWrite = true;

    /// <summary>The number of the confirmation written last.</summary>
    private int confirmed;

    private async Task WriteRepliesAsync()
    {
        while (true)
        {
            if (pushes.Any)
            {
                await WritePushesAsync().ConfigureAwait(false);
            }

            if (!queue.TryPeek(out var reply))
            {
                await FlushAsync().ConfigureAwait(false);
                if (!queue.TryPeek(out reply))
                {
                    // Looked at in this order: once completed, nothing is added.
                    if (queue.IsCompleted && !queue.TryPeek(out reply))
                    {
                        return;
                    }

                    await queue.WaitForArrivalAsync().ConfigureAwait(false);
                    continue;
                }
            }

            if (writer.Unflushed > 0 && !reply.IsCompleted)
            {
                // Replies come in bunches (one fsync completes many), one after the other from one thread: let that thread go on, and look again, before
                // paying for a system call with half a batch.
                await Task.Yield();
                if (!reply.IsCompleted)
                {
                    await FlushAsync().ConfigureAwait(false);
                }
            }

            try
            {
                await WriteAsync(reply).ConfigureAwait(false);
            }
            catch (Exception error)
            {
                // Half a reply may be out: nothing that follows could be understood.
                log.LogError(error, "a reply of RESP connection {Id} could not be written; the connection is closed", session.Id);
                await GiveUpAsync().ConfigureAwait(false);
            }

            metrics.Finished(reply);
            queue.Leave();
            if (reply.Closes)
            {
                await FlushAsync().ConfigureAwait(false);
                canWrite = false;
            }
            else if (writer.Unflushed >= server.Options.FlushBytes)
            {
                await FlushAsync().ConfigureAwait(false);
            }
        }
    }

    /// <summary>
    /// Writes what may be written before the next confirmation, in the protocol of the reply before it: that is what the client knows it speaks. An event of the cluster for
    /// a client that has gone back to RESP2 is dropped: it would not know it for what it is.
    /// </summary>
    private async ValueTask WritePushesAsync()
    {
        while (pushes.TryTake(confirmed, out var push))
        {
            if (canWrite && (!push.IsEvent || writer.Protocol == 3))
            {
                push.Value.Write(writer);
                if (writer.Unflushed >= server.Options.FlushBytes)
                {
                    await FlushAsync().ConfigureAwait(false);
                }
            }

            if (!push.IsEvent)
            {
                backlog!.Remove();
            }
        }
    }

    /// <summary>Waits for the command and writes its reply. Never throws for what the command did.</summary>
    private async ValueTask WriteAsync(PendingReply reply)
    {
        var ready = reply.Ready;
        var result = default(KvResult);
        try
        {
            if (reply.Running is not null)
            {
                ready = await reply.Running.ConfigureAwait(false);
            }
            else if (ready is null)
            {
                result = await reply.Store.ConfigureAwait(false);
            }
        }
        catch (Exception error)
        {
            ready = Failed(error);
        }

        if (pushes.Any)
        {
            await WritePushesAsync().ConfigureAwait(false); // What came of the command itself, or before an unsubscription, comes before its reply.
        }

        confirmed = Math.Max(confirmed, reply.Confirmation);
        if (reply.Silent || !canWrite)
        {
            return;
        }

        writer.Protocol = reply.Protocol;
        if (ready is not null)
        {
            await ready.WriteAsync(writer, flushIfFull).ConfigureAwait(false); // One that is not written to its end is the last: nobody takes any more.
            return;
        }

        var before = writer.Unflushed;
        var refused = result.Error is { } error2 ? ErrorReplies.For(error2) : ErrorReplies.For(result.Reply!);
        if (refused is not null)
        {
            writer.Error(refused);
            return;
        }

        reply.Format!(writer, result.Reply!, session);
        var size = (int)Math.Min(int.MaxValue, writer.Unflushed - before);
        var estimate = replyEstimate;
        Volatile.Write(ref replyEstimate, Math.Max(FirstReplyEstimate, Math.Max(size, estimate - (estimate >> 3))));
    }

    /// <summary>For a long reply: what is in the pipe is bounded, and waits for a client that does not read.</summary>
    /// <returns>Whether replies can still be sent.</returns>
    private async ValueTask<bool> FlushIfFullAsync()
    {
        if (writer.Unflushed >= server.Options.FlushBytes)
        {
            await FlushAsync().ConfigureAwait(false);
        }

        return canWrite;
    }

    private async ValueTask FlushAsync()
    {
        if (writer.Unflushed == 0 || !canWrite)
        {
            return;
        }

        writer.Flushed();
        try
        {
            var flushed = await connection.Transport.Output.FlushAsync().ConfigureAwait(false);
            canWrite = !flushed.IsCompleted;
        }
        catch (Exception error) when (error is IOException or InvalidOperationException or OperationCanceledException)
        {
            canWrite = false;
        }

        if (!canWrite)
        {
            await GiveUpAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Nobody gets replies any more: stop reading too, and let longer commands go.</summary>
    private async Task GiveUpAsync()
    {
        canWrite = false;
        await gone.CancelAsync().ConfigureAwait(false);
        connection.Transport.Input.CancelPendingRead();
    }

    /// <summary>A command that ended in an exception: its outcome is not known, and the log says why.</summary>
    private RespValue Failed(Exception error)
    {
        if (error is not OperationCanceledException)
        {
            log.LogError(error, "a command of RESP connection {Id} ({Command}) failed", session.Id, session.LastCommand);
        }

        return RespValue.Error(error is OperationCanceledException
            ? "UNKNOWN outcome unknown: the node or the connection is being closed"
            : "UNKNOWN outcome unknown: the node failed inside this command; its log says why");
    }
}
