using System.Buffers;
using Cluster.Engine.Remoting.Framing;
using Cluster.Engine.Remoting.Recording;

namespace Cluster.Engine.Remoting.Tcp;

/// <content>The write loop: one flush for all frames of a chunk.</content>
internal sealed partial class LinkConnection
{
    // A large frame goes through the pipe in slices, so that the pipe's own buffer stays small.
    private const int SliceBytes = 128 * 1024;

    private long framesTaken;

    private async Task WriteAsync()
    {
        // What waits already may keep this loop busy for long: the read loop must start meanwhile.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        FrameChunk? chunk = null;
        try
        {
            while (true)
            {
                var take = link.Queue.TryTake(signal, out chunk);
                if (take == FrameTake.Stopped)
                {
                    // Reached by a graceful close only when all is written: the peer then reads to the end.
                    await context.Transport.Output.CompleteAsync().ConfigureAwait(false);
                    return;
                }

                if (take == FrameTake.Empty)
                {
                    await signal.WaitAsync().ConfigureAwait(false);
                    continue;
                }

                framesTaken += chunk!.Frames;
                if (!await WriteAsync(chunk).ConfigureAwait(false))
                {
                    return;
                }

                link.Counters.Sent(chunk.Frames, chunk.Used);
                Record(chunk, dropped: null);
                link.Queue.Release(chunk);
                chunk = null;
            }
        }
#pragma warning disable CA1031 // Whatever a connection throws ends that connection and nothing else.
        catch (Exception error)
#pragma warning restore CA1031
        {
            Abort(LinkDownCause.Lost, error.Message);
        }
        finally
        {
            if (chunk is not null)
            {
                link.Counters.Dropped(DropReason.LinkLost, chunk.Frames);
                Record(chunk, DropReason.LinkLost);
                link.Queue.Release(chunk);
            }
        }
    }

    private void Record(FrameChunk chunk, DropReason? dropped)
    {
        foreach (var (place, trace) in chunk.Traced)
        {
            var at = new WirePlace(session, framesTaken - chunk.Frames + place);
            if (dropped is { } reason)
            {
                transport.Recorder.Dropped(trace, link.PeerName, DropWords.Of(reason), at);
            }
            else
            {
                transport.Recorder.Sent(trace, Peer.Name.ToString(), at);
            }
        }
    }

    /// <summary>False when the connection is over.</summary>
    private async ValueTask<bool> WriteAsync(FrameChunk chunk)
    {
        var output = context.Transport.Output;
        for (var written = 0; written < chunk.Used; written += SliceBytes)
        {
            output.Write(chunk.Written.Slice(written, Math.Min(SliceBytes, chunk.Used - written)));
            var flush = await output.FlushAsync().ConfigureAwait(false);
            if (flush.IsCompleted || flush.IsCanceled)
            {
                // The read loop sees the end too; waking it here covers a peer that only closed its receiving side.
                Abort(LinkDownCause.Lost, "the connection was closed while frames were being written");
                return false;
            }
        }

        return true;
    }
}
