using System.Globalization;
using Cluster.Shared.Http;
using Cluster.Shared.KeyValue;
using Cluster.Shared.Results;
using Cluster.Shared.Wire;

namespace Cluster.Node.Http;

/// <summary>The key-value store over HTTP: a key is a resource, its revision its entity tag, its conditions HTTP's own (RFC 9110, 13).</summary>
internal sealed partial class KeyValueOperations(IKeyValueClient store)
{
    private const int MaxIdempotencyKeyLength = 255;

    /// <summary>Longest life: a hundred years; more is a mistake in units.</summary>
    private const long MaxLifeMs = 100L * 366 * 24 * 3600 * 1000;

    private static readonly ApiParameter Key = ApiParameter.Path("key", "The key, percent-encoded where it is not plain text; 1 to 65,536 bytes.");

    private static readonly ApiParameter Consistency = ApiParameter.Choice(
        "consistency", "What the read may see: linearizable (default), lease (trusts clocks to drift little), stale (this node's replica or any).", "linearizable", "lease", "stale");

    private static readonly ApiParameter IfMatch = ApiParameter.Header("If-Match", "Only if the key's revision is this entity tag; * for any: the key must be there.");
    private static readonly ApiParameter IfNoneMatch = ApiParameter.Header("If-None-Match", "* : only if the key is not there. On GET, an entity tag: 304 if it is still that.");

    private static readonly ApiParameter Idempotency = ApiParameter.Header(
        "Idempotency-Key", "Up to 255 characters that name this request: sent again with the same, it takes effect once and gets the same answer.");

    private static readonly (int Status, string Meaning)[] StoreStatuses =
    [
        (503, "No leader with a majority, or a bound was met; it had no effect. Retry-After says when to try again."),
        (504, "The deadline passed: it may or may not have taken effect."),
    ];

    public IReadOnlyList<ApiOperation> All =>
    [
        new("GET", "/kv/{**key}", "kv", "The value of a key, raw.", GetAsync)
        {
            Parameters = [Key, Consistency, IfNoneMatch],
            AnswerMedia = "application/octet-stream",
            Statuses = [(304, "It is still the given entity tag."), (404, "No such key."), .. StoreStatuses],
        },
        new("HEAD", "/kv/{**key}", "kv", "A key's entity tag and expiry.", HeadAsync)
        {
            Parameters = [Key, Consistency],
            Statuses = [(404, "No such key."), .. StoreStatuses],
        },
        new("PUT", "/kv/{**key}", "kv", "Sets a key's value to the body, raw.", PutAsync)
        {
            Parameters = [Key, IfMatch, IfNoneMatch, Idempotency, ApiParameter.Integer("ttl", "Life in milliseconds.", 1, MaxLifeMs)],
            TakesBytes = true,
            Success = StatusCodes.Status204NoContent,
            Statuses = [(412, "The condition does not hold; ETag says what stands there."), (413, "The value is too long."), .. StoreStatuses],
        },
        new("DELETE", "/kv/{**key}", "kv", "Deletes a key.", DeleteAsync)
        {
            Parameters = [Key, IfMatch, Idempotency],
            Success = StatusCodes.Status204NoContent,
            Statuses = [(404, "No such key."), (412, "The condition does not hold."), .. StoreStatuses],
        },
        new("POST", "/kv/{key}/increment", "kv", "Adds to a whole number; no key counts as 0.", IncrementAsync)
        {
            Parameters = [Key, Idempotency, ApiParameter.Integer("by", "How much; 1 if not given.", long.MinValue, long.MaxValue)],
            Answer = typeof(IncrementView),
            Statuses = [(409, "The value is no whole number, or would overflow."), .. StoreStatuses],
        },
        new("POST", "/kv/{key}/cas", "kv", "Sets a key's value if it is the expected one.", CompareAndSetAsync)
        {
            Parameters = [Key, Idempotency],
            Body = typeof(CompareAndSetRequest),
            Answer = typeof(CompareAndSetView),
            Statuses = [(412, "It is not; the answer says what is."), .. StoreStatuses],
        },
        new("GET", "/kv", "kv", "Keys in byte order, a page at a time.", ScanAsync)
        {
            Parameters =
            [
                ApiParameter.Bytes("prefix", "Only keys that begin with this."),
                ApiParameter.Bytes("after", "Only keys behind this one: the last page's next."),
                ApiParameter.Integer("limit", "Keys in a page; 100 if not given.", 1, MaxPage),
                Consistency,
            ],
            Answer = typeof(ScanView),
            Statuses = StoreStatuses,
        },
    ];

    private static ReadConsistency ConsistencyOf(ApiRequest request) => request.Query("consistency") switch
    {
        "lease" => ReadConsistency.Lease,
        "stale" => ReadConsistency.Stale,
        _ => ReadConsistency.Linearizable,
    };

    private async Task<KvReply?> RunAsync(ApiRequest request, KvCommand command, ReadConsistency consistency = ReadConsistency.Linearizable)
    {
        var result = await store.ExecuteAsync(command, consistency, IdentityOf(request), request.Aborted).ConfigureAwait(false);
        if (result.Error is { } error)
        {
            await request.WriteErrorAsync(error).ConfigureAwait(false);
            return null;
        }

        var reply = result.Reply!;
        switch (reply.Status)
        {
            case KvStatus.NotAnInteger:
                await request.WriteErrorAsync(StatusCodes.Status409Conflict, "NotAnInteger", "the key's value is not a whole number of 64 bits").ConfigureAwait(false);
                return null;
            case KvStatus.Overflow:
                await request.WriteErrorAsync(StatusCodes.Status409Conflict, "Overflow", "the sum does not fit into 64 bits").ConfigureAwait(false);
                return null;
            case KvStatus.TooLarge:
                await request.WriteErrorAsync(StatusCodes.Status413PayloadTooLarge, "TooLarge", Detail(reply, "the value is too long")).ConfigureAwait(false);
                return null;
            case KvStatus.BadCommand:
                await request.WriteErrorAsync(StatusCodes.Status400BadRequest, nameof(ErrorCode.BadRequest), Detail(reply, "the store refused the command")).ConfigureAwait(false);
                return null;
            default:
                return reply;
        }
    }

    private static string Detail(KvReply reply, string otherwise) => reply.Detail.Length > 0 ? reply.Detail : otherwise;

    private static void Describe(ApiRequest request, KvReply reply)
    {
        if (reply.Revision != 0)
        {
            request.Context.Response.Headers.ETag = EntityTag.Of(reply.Revision);
        }

        if (reply.ExpiresAtMs != 0)
        {
            request.Context.Response.Headers["X-Expires-At"] = DateTimeOffset.FromUnixTimeMilliseconds(reply.ExpiresAtMs).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        }
    }

    private static Task WriteNotFoundAsync(ApiRequest request) => request.WriteErrorAsync(StatusCodes.Status404NotFound, nameof(ErrorCode.NotFound), "there is no such key");

    /// <summary>The condition that HTTP's headers ask for.</summary>
    private static void ReadConditions(ApiRequest request, KvCommand command)
    {
        var match = request.Header("If-Match");
        var noneMatch = request.Header("If-None-Match");
        if (match is not null && noneMatch is not null)
        {
            throw ApiException.BadRequest("give If-Match or If-None-Match, not both");
        }

        if (noneMatch is not null)
        {
            command.Condition = noneMatch.Trim() == "*" ? KvCondition.Absent : throw ApiException.BadRequest("If-None-Match can only be * here");
        }
        else if (match?.Trim() == "*")
        {
            command.Condition = KvCondition.Present;
        }
        else if (match is not null)
        {
            command.Condition = KvCondition.Revision;
            command.Revision = EntityTag.TryParse(match.Trim(), out var revision)
                ? revision
                : throw ApiException.BadRequest("If-Match takes one entity tag as GET gives it, in quotes (\"42\"), or *");
        }
    }

    /// <summary>Who repeats a request gives it a name; the store then remembers it by the name's hash, as the only request of a session of its own.</summary>
    private static RequestIdentity IdentityOf(ApiRequest request)
    {
        if (HttpMethods.IsGet(request.Context.Request.Method) || HttpMethods.IsHead(request.Context.Request.Method) || request.Header("Idempotency-Key") is not { } name)
        {
            return RequestIdentity.None;
        }

        if (name.Length is 0 or > MaxIdempotencyKeyLength)
        {
            throw ApiException.BadRequest($"Idempotency-Key has 1 to {MaxIdempotencyKeyLength} characters");
        }

        var hash = System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(name));
        return new RequestIdentity(Math.Max(1, BitConverter.ToUInt64(hash)), 1);
    }
}
