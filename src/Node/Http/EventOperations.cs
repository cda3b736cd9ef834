using System.Globalization;
using Cluster.Shared.Http;

namespace Cluster.Node.Http;

/// <summary>
/// What happens in the cluster, as this node tells it: as a list, or as a stream of server-sent events (WHATWG HTML, 9.2) that a client may resume where it
/// was cut off. Read only, open to all who reach the port.
/// </summary>
internal sealed class EventOperations(INodeStatus status, EventStreamOptions options, TimeProvider time, IHostApplicationLifetime lifetime)
{
    private const int ListedByDefault = 100;

    /// <summary>As many as the node keeps, and more: nobody needs to know how many that is.</summary>
    private const int ListedMost = 10_000;

    private int streams;

    public IReadOnlyList<ApiOperation> All =>
    [
        new("GET", "/events", "cluster", "What happens in the cluster, as this node tells it: a stream of server-sent events; with 'limit', or for clients that accept JSON only, a list.", RunAsync)
        {
            Parameters =
            [
                ApiParameter.Integer("after", "Events after this number only; 0 for all that the node keeps. A stream without it begins with what is new, a list with the oldest that fits.", 0, long.MaxValue),
                ApiParameter.Integer("limit", "A list of the newest so many, instead of a stream.", 1, ListedMost),
                ApiParameter.Header("Last-Event-ID", "Number of the last event that a stream's client has seen; browsers send it when they connect again. Counts more than 'after'."),
            ],
            Answer = typeof(IReadOnlyList<ClusterEventView>),
            AnswerMedia = "text/event-stream",
            Statuses = [(503, "As many streams as this node serves are open.")],
        },
    ];

    private Task RunAsync(ApiRequest request)
    {
        var accepts = request.Header("Accept") ?? "";
        var wantsList = accepts.Contains("application/json", StringComparison.OrdinalIgnoreCase) && !accepts.Contains("text/event-stream", StringComparison.OrdinalIgnoreCase);
        return wantsList || request.Integer("limit") is not null ? ListAsync(request) : StreamAsync(request);
    }

    private Task ListAsync(ApiRequest request) => request.WriteJsonAsync(
        status.ReadEvents((ulong)(request.Integer("after") ?? 0), (int)(request.Integer("limit") ?? ListedByDefault)),
        EventJson.Default.IReadOnlyListClusterEventView);

    private async Task StreamAsync(ApiRequest request)
    {
        var after = ReadLastEventId(request) ?? (ulong?)request.Integer("after") ?? status.LastEvent;
        if (Interlocked.Increment(ref streams) > options.MaxStreams)
        {
            Interlocked.Decrement(ref streams);
            request.Context.Response.Headers.RetryAfter = "5";
            throw new ApiException(StatusCodes.Status503ServiceUnavailable, "Overloaded", $"{options.MaxStreams} event streams are open at this node, the most it serves: ask another node, or for a list with limit=N");
        }

        try
        {
            using var ends = CancellationTokenSource.CreateLinkedTokenSource(request.Aborted, lifetime.ApplicationStopping);
            await new EventStream(request.Context.Response, options, time).WriteAsync(stop => status.FollowEvents(after, stop), after, ends.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (request.Aborted.IsCancellationRequested || lifetime.ApplicationStopping.IsCancellationRequested)
        {
            // The client has gone, or the node goes: the client will come again, here or elsewhere.
        }
        catch (TimeoutException)
        {
            request.Context.Abort(); // It takes nothing.
        }
        finally
        {
            Interlocked.Decrement(ref streams);
        }
    }

    private static ulong? ReadLastEventId(ApiRequest request)
    {
        if (request.Header("Last-Event-ID") is not { Length: > 0 } text)
        {
            return null;
        }

        return ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw ApiException.BadRequest($"Last-Event-ID is '{text}'; it must be the number of an event, as this node gave it");
    }
}
