using System.Globalization;
using System.Text.Json;
using Cluster.Shared.Http;

namespace Cluster.Node.Http;

/// <summary>
/// One client's stream of server-sent events. Nothing is kept for the client: it reads the node's ring of events at its own pace. One that is so slow that the
/// ring has gone on without it is told so by an event <c>gap</c>, with the numbers that it has missed.
/// </summary>
internal sealed class EventStream(HttpResponse response, EventStreamOptions options, TimeProvider time)
{
    /// <summary>Numbers of the node's earlier life and of this one lie far apart: a jump like that is no gap.</summary>
    private const ulong LargestGap = 1_000_000;

    /// <param name="follow">The events from then on, until cancelled.</param>
    /// <param name="after">The number that the client has seen last.</param>
    /// <exception cref="TimeoutException">The client takes nothing.</exception>
    public async Task WriteAsync(Func<CancellationToken, IAsyncEnumerable<ClusterEventView>> follow, ulong after, CancellationToken cancellation)
    {
        var writer = new EventWriter(response, options, time);
        writer.Write(": events of the cluster; Last-Event-ID resumes\n\n");
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var reader = follow(ends.Token).GetAsyncEnumerator(CancellationToken.None);
        var next = reader.MoveNextAsync().AsTask();
        try
        {
            while (await writer.IsThereAsync(next, cancellation).ConfigureAwait(false))
            {
                Write(writer, reader.Current, after);
                after = reader.Current.Sequence;
                next = reader.MoveNextAsync().AsTask();
            }
        }
        finally
        {
            // A reader may be put away only between two events.
            await ends.CancelAsync().ConfigureAwait(false);
            await next.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default).ConfigureAwait(false);
            await reader.DisposeAsync().ConfigureAwait(false);
        }
    }

    private static void Write(EventWriter writer, ClusterEventView told, ulong after)
    {
        if (after > 0 && told.Sequence - after is > 1 and < LargestGap)
        {
            writer.Write(string.Create(CultureInfo.InvariantCulture, $"event: gap\ndata: {{\"from\":{after + 1},\"to\":{told.Sequence - 1}}}\n\n"));
        }

        writer.Write(string.Create(CultureInfo.InvariantCulture, $"id: {told.Sequence}\nevent: {told.Kind}\ndata: {JsonSerializer.Serialize(told, EventJson.Default.ClusterEventView)}\n\n"));
    }
}
