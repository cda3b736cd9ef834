using System.Buffers;
using System.IO.Pipelines;
using System.Text;

namespace Cluster.Node.Http;

/// <summary>Writes one client's server-sent events: what is written goes out when nothing more is there yet, signs of life go out while nothing comes, and a client that takes nothing is told from one that is slow.</summary>
internal sealed class EventWriter
{
    private readonly EventStreamOptions options;
    private readonly TimeProvider time;
    private readonly PipeWriter output;
    private long unflushed;

    public EventWriter(HttpResponse response, EventStreamOptions options, TimeProvider time)
    {
        (this.options, this.time, output) = (options, time, response.BodyWriter);
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-store";
    }

    public void Write(string text) => unflushed += Encoding.UTF8.GetBytes(text, output);

    public void Write(ReadOnlySpan<byte> bytes)
    {
        output.Write(bytes);
        unflushed += bytes.Length;
    }

    /// <summary>Waits for the next event, and flushes and gives signs of life meanwhile.</summary>
    /// <returns>What the task says: whether there is one.</returns>
    /// <exception cref="TimeoutException">The client takes nothing.</exception>
    public async ValueTask<bool> IsThereAsync(Task<bool> next, CancellationToken cancellation)
    {
        await FlushFullAsync(cancellation).ConfigureAwait(false);
        while (!next.IsCompleted)
        {
            await FlushAsync(cancellation).ConfigureAwait(false);
            try
            {
                return await next.WaitAsync(options.HeartbeatInterval, time, cancellation).ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                Write(": nothing new\n\n"u8);
            }
        }

        return await next.ConfigureAwait(false);
    }

    /// <summary>Flushes when enough is written, so that a long run of events does not stand in memory as a whole.</summary>
    /// <exception cref="TimeoutException">The client takes nothing.</exception>
    public ValueTask FlushFullAsync(CancellationToken cancellation) => unflushed >= options.FlushBytes ? FlushAsync(cancellation) : ValueTask.CompletedTask;

    private async ValueTask FlushAsync(CancellationToken cancellation)
    {
        unflushed = 0;
        var flushed = output.FlushAsync(cancellation);
        if (!flushed.IsCompletedSuccessfully)
        {
            await flushed.AsTask().WaitAsync(options.WriteTimeout, time, cancellation).ConfigureAwait(false);
        }
    }
}
