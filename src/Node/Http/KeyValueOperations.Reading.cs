using System.Text;
using Cluster.Shared.Http;
using Cluster.Shared.KeyValue;
using Cluster.Shared.Results;
using Cluster.Shared.Wire;
using Google.Protobuf;

namespace Cluster.Node.Http;

/// <summary>Reads: one key, or a page of keys.</summary>
internal sealed partial class KeyValueOperations
{
    private const int DefaultPage = 100;

    /// <summary>Every shard is asked for a page, so this times the shards is what may be in memory.</summary>
    private const int MaxPage = 1000;

    private static readonly ClusterError NoShards = new(ErrorCode.Unavailable, "this node does not know the shards yet; ask /ready why");

    private async Task GetAsync(ApiRequest request)
    {
        var known = request.Header("If-None-Match");
        var command = new KvCommand { Op = KvOp.Get, Key = KeyPath.Read(request), ReturnValue = true };
        if (await RunAsync(request, command, ConsistencyOf(request)).ConfigureAwait(false) is not { } reply)
        {
            return;
        }

        if (reply.Status != KvStatus.Ok)
        {
            await WriteNotFoundAsync(request).ConfigureAwait(false);
            return;
        }

        Describe(request, reply);
        var response = request.Context.Response;
        if (known is not null && (known.Trim() == "*" || known.Split(',', StringSplitOptions.TrimEntries).Contains(EntityTag.Of(reply.Revision))))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        response.ContentType = "application/octet-stream";
        response.ContentLength = reply.Value.Length;
        await response.Body.WriteAsync(reply.Value.Memory, request.Aborted).ConfigureAwait(false);
    }

    private async Task HeadAsync(ApiRequest request)
    {
        var command = new KvCommand { Op = KvOp.Get, Key = KeyPath.Read(request) };
        if (await RunAsync(request, command, ConsistencyOf(request)).ConfigureAwait(false) is not { } reply)
        {
            return;
        }

        Describe(request, reply);
        request.Context.Response.StatusCode = reply.Status == KvStatus.Ok ? StatusCodes.Status200OK : StatusCodes.Status404NotFound;
    }

    /// <summary>
    /// Each shard gives its next keys in byte order; the smallest of all of them are the page. A shard may stop early (its answer is bounded in bytes, too):
    /// behind the first such stop nothing is known to be next, so the page ends there.
    /// </summary>
    private async Task ScanAsync(ApiRequest request)
    {
        if (store.ShardCount == 0)
        {
            await request.WriteErrorAsync(NoShards).ConfigureAwait(false);
            return;
        }

        var limit = (int)(request.Integer("limit") ?? DefaultPage);
        var command = new KvCommand
        {
            Op = KvOp.Scan,
            Key = KeyPath.ReadQuery(request, "prefix") ?? ByteString.Empty,
            After = KeyPath.ReadQuery(request, "after") ?? ByteString.Empty,
            Limit = (uint)limit,
        };
        var pending = new Task<KvResult>[store.ShardCount];
        for (var i = 0; i < pending.Length; i++)
        {
            pending[i] = store.ExecuteOnShardAsync(i, command, ConsistencyOf(request), request.Aborted).AsTask();
        }

        var entries = new List<KvEntry>();
        ByteString? stop = null;
        foreach (var result in await Task.WhenAll(pending).ConfigureAwait(false))
        {
            if (result.Error is { } error)
            {
                await request.WriteErrorAsync(error).ConfigureAwait(false);
                return;
            }

            var reply = result.Reply!;
            entries.AddRange(reply.Entries);
            if (reply.More && (stop is null || reply.ResumeAfter.Span.SequenceCompareTo(stop.Span) < 0))
            {
                stop = reply.ResumeAfter;
            }
        }

        if (stop is not null)
        {
            entries.RemoveAll(entry => entry.Key.Span.SequenceCompareTo(stop.Span) > 0);
        }

        entries.Sort(static (left, right) => left.Key.Span.SequenceCompareTo(right.Key.Span));
        var next = entries.Count > limit ? entries[limit - 1].Key : stop;
        var page = entries.Take(limit).Select(View).ToArray();
        await request.WriteJsonAsync(new ScanView(page, next is null ? null : KeyPath.Encode(next.Span)), NodeJson.Default.ScanView).ConfigureAwait(false);
    }

    private static ScanEntryView View(KvEntry entry) => new(
        Encoding.UTF8.GetString(entry.Key.Span),
        KeyPath.Encode(entry.Key.Span),
        entry.Revision,
        entry.ExpiresAtMs == 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds(entry.ExpiresAtMs));
}
