using System.Text.Json;
using Cluster.Shared.Http;

namespace Cluster.Node.Http;

/// <summary>Recording of the messages between nodes: switching it, and reading what was recorded. Only with <c>--lab</c>, only with the admin token.</summary>
internal sealed class RecordingOperations(INodeStatus status)
{
    private const int ReadByDefault = 5_000;

    /// <summary>Some megabytes of JSON: what a reader that polls twice a second finds under full load, and little enough to be made at once.</summary>
    private const int ReadMost = 20_000;

    /// <summary>Lines are handed to the connection in pieces of about this size.</summary>
    private const int FlushBytes = 64 * 1024;

    public IReadOnlyList<ApiOperation> All =>
    [
        new("GET", "/admin/recording", "admin", "Whether this node records its messages, how its clock reads, and what it keeps.", request =>
            request.WriteJsonAsync(status.Recording, RecordingJson.Default.RecordingView))
        {
            Answer = typeof(RecordingView),
            IsAdmin = true,
        },
        new("PUT", "/admin/recording", "admin", "Starts or stops the recording of messages. Starting forgets what was recorded before, and does nothing where it is on.", SetAsync)
        {
            Body = typeof(RecordingRequest),
            Answer = typeof(RecordingView),
            IsAdmin = true,
        },
        new("GET", "/admin/recording/messages", "admin", "The oldest recorded messages after a number, one JSON object a line.", ReadAsync)
        {
            Parameters =
            [
                ApiParameter.Integer("after", "Records after this number only; 0, the default, for all that are kept.", 0, long.MaxValue),
                ApiParameter.Integer("limit", $"At most so many; {ReadByDefault} when not given.", 1, ReadMost),
            ],
            AnswerMedia = "application/x-ndjson",
            IsAdmin = true,
        },
    ];

    private async Task SetAsync(ApiRequest request)
    {
        var wish = await request.ReadJsonAsync(RecordingJson.Default.RecordingRequest).ConfigureAwait(false);
        await request.WriteJsonAsync(status.SetRecording(wish.On), RecordingJson.Default.RecordingView).ConfigureAwait(false);
    }

    private async Task ReadAsync(ApiRequest request)
    {
        var output = request.Context.Response.BodyWriter;
        request.Context.Response.ContentType = "application/x-ndjson";
        foreach (var record in status.ReadMessages((ulong)(request.Integer("after") ?? 0), (int)(request.Integer("limit") ?? ReadByDefault)))
        {
            using (var json = new Utf8JsonWriter(output))
            {
                JsonSerializer.Serialize(json, record, RecordingJson.Default.MessageRecordView);
            }

            output.GetSpan(1)[0] = (byte)'\n';
            output.Advance(1);
            if (output.UnflushedBytes >= FlushBytes)
            {
                await output.FlushAsync(request.Aborted).ConfigureAwait(false);
            }
        }

        await output.FlushAsync(request.Aborted).ConfigureAwait(false);
    }
}
