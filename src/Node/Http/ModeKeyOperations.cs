using System.Buffers;
using System.Text.Json;
using Cluster.Modes;
using Cluster.Modes.Hosting;
using Cluster.Modes.Storage;
using Cluster.Shared.Results;

namespace Cluster.Node.Http;

/// <summary>
/// The keys of storage modes as resources: <c>/modes/SLUG/kv/KEY</c>, the value raw as the body, what the mode tells besides in headers, its dial in the query. The whole answer as JSON is that of
/// <c>/modes/SLUG/get</c>. Conditions are those that a compare-and-set of values can keep: If-None-Match: *, and <c>expected</c>.
/// </summary>
internal sealed class ModeKeyOperations(IModeDoors doors)
{
    private const string Replaced = "replaced";

    private static readonly ApiParameter Key = ApiParameter.Path("key", "The key, UTF-8, percent-encoded where it is not plain.");
    private static readonly ApiParameter IfNoneMatch = ApiParameter.Header("If-None-Match", "* : only if the key is not there.");

    private static readonly (int Status, string Meaning)[] Statuses =
    [
        (409, "The mode's state forbids it; nothing has changed."),
        (503, "It was not served, and had no effect. Retry-After says when to try again."),
        (504, "No answer in time: it may or may not have taken effect."),
    ];

    public IReadOnlyList<ApiOperation> All => [.. ModeCatalog.All.Where(mode => mode.Storage is not null).SelectMany(Routes)];

    private IEnumerable<ApiOperation> Routes(Mode mode)
    {
        var route = $"/modes/{mode.Slug}/kv/{{**key}}";
        if (mode.FindOperation(StorageOperations.Get) is { } get)
        {
            yield return new("GET", route, mode.Slug, "The value of a key, raw; its version as entity tag, and in X-Served-By, X-Age-Ms, X-Siblings and X-Session-Token what else the mode tells.", request => GetAsync(request, mode, get))
            {
                Parameters = [Key, .. Dial(get)],
                AnswerMedia = "text/plain",
                Statuses = [(404, "No such key."), .. Statuses],
            };
        }

        if (mode.FindOperation(StorageOperations.Put) is { } put)
        {
            var cas = mode.FindOperation(StorageOperations.CompareAndSet);
            ApiParameter[] conditions = cas is null ? [] : [IfNoneMatch, ApiParameter.Text(StorageOperations.Expected, "Only if this value stands there.")];
            yield return new("PUT", route, mode.Slug, "Sets a key's value to the body, UTF-8.", request => PutAsync(request, mode, put, cas))
            {
                Parameters = [Key, .. conditions, .. Dial(put)],
                TakesBytes = true,
                Success = StatusCodes.Status204NoContent,
                Statuses = [(412, "The condition does not hold; nothing was written."), (413, "The value is too long."), .. Statuses],
            };
        }

        if (mode.FindOperation(StorageOperations.Delete) is { } delete)
        {
            yield return new("DELETE", route, mode.Slug, "Deletes a key.", request => DeleteAsync(request, mode, delete))
            {
                Parameters = [Key, .. Dial(delete)],
                Success = StatusCodes.Status204NoContent,
                Statuses = [(404, "No such key, where the mode knows it."), .. Statuses],
            };
        }
    }

    private async Task GetAsync(ApiRequest request, Mode mode, ModeOperation operation)
    {
        using var answer = await AskAsync(request, mode, operation, []).ConfigureAwait(false);
        if (answer is null)
        {
            return;
        }

        Describe(request, answer.RootElement);
        if (answer.RootElement.GetProperty(StorageOperations.Value).GetString() is not { } value)
        {
            await request.WriteErrorAsync(StatusCodes.Status404NotFound, nameof(ErrorCode.NotFound), "there is no such key").ConfigureAwait(false);
            return;
        }

        request.Context.Response.ContentType = "text/plain; charset=utf-8";
        await request.Context.Response.WriteAsync(value, request.Aborted).ConfigureAwait(false);
    }

    private async Task PutAsync(ApiRequest request, Mode mode, ModeOperation put, ModeOperation? cas)
    {
        var expected = request.Query(StorageOperations.Expected);
        var absent = request.Header("If-None-Match") is { } noneMatch && (noneMatch.Trim() == "*" ? true : throw ApiException.BadRequest("If-None-Match can only be * here"));
        if (request.Header("If-Match") is not null)
        {
            throw ApiException.BadRequest($"{mode.Slug} compares values, not versions: write ?{StorageOperations.Expected}=VALUE instead of If-Match");
        }

        if (absent && expected is not null)
        {
            throw ApiException.BadRequest($"give If-None-Match or {StorageOperations.Expected}, not both");
        }

        var conditional = absent || expected is not null;
        if (conditional && cas is null)
        {
            throw ApiException.BadRequest($"{mode.Slug} has no compare-and-set: it writes without conditions");
        }

        var value = await ReadValueAsync(request).ConfigureAwait(false);
        (string, string)[] arguments = expected is null ? [(StorageOperations.Value, value)] : [(StorageOperations.Value, value), (StorageOperations.Expected, expected)];
        using var answer = await AskAsync(request, mode, conditional ? cas! : put, arguments).ConfigureAwait(false);
        if (answer is not null)
        {
            Describe(request, answer.RootElement);
            request.Context.Response.StatusCode = StatusCodes.Status204NoContent;
        }
    }

    private async Task DeleteAsync(ApiRequest request, Mode mode, ModeOperation operation)
    {
        using var answer = await AskAsync(request, mode, operation, []).ConfigureAwait(false);
        if (answer is null)
        {
            return;
        }

        Describe(request, answer.RootElement);
        if (answer.RootElement.TryGetProperty(Replaced, out var replaced) && replaced.ValueKind == JsonValueKind.False)
        {
            await request.WriteErrorAsync(StatusCodes.Status404NotFound, nameof(ErrorCode.NotFound), "there is no such key").ConfigureAwait(false);
            return;
        }

        request.Context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    /// <summary>Null when the mode refused, and the client has been told.</summary>
    private async Task<JsonDocument?> AskAsync(ApiRequest request, Mode mode, ModeOperation operation, (string Name, string Value)[] arguments)
    {
        if (!StorageText.TryRead(KeyPath.Read(request, prefix: $"/modes/{mode.Slug}/kv/").Span, out var key))
        {
            throw ApiException.BadRequest($"the key is no UTF-8: {mode.Slug} keeps text");
        }

        var sent = arguments.ToDictionary(argument => argument.Name, argument => argument.Value, StringComparer.Ordinal);
        sent.Add(StorageOperations.Key, key);
        foreach (var argument in operation.Arguments)
        {
            if (!sent.ContainsKey(argument.Name) && argument.Name != StorageOperations.Expected && request.Query(argument.Name) is { } text)
            {
                sent.Add(argument.Name, text);
            }
        }

        if (!operation.TryRead(sent, out var asked, out var wrong))
        {
            await request.WriteErrorAsync(wrong).ConfigureAwait(false);
            return null;
        }

        var answer = await doors.AskAsync(mode.Slug, asked, operation.IsRead, ModeHost.Patience, request.Aborted).ConfigureAwait(false);
        if (answer.Error is not { } error)
        {
            return JsonDocument.Parse(answer.Json);
        }

        await (operation.Name == StorageOperations.CompareAndSet && error.Code == ErrorCode.Conflict
            ? request.WriteErrorAsync(StatusCodes.Status412PreconditionFailed, "ConditionFailed", $"the condition does not hold: {error.Message}")
            : request.WriteErrorAsync(error)).ConfigureAwait(false);
        return null;
    }

    /// <summary>What is no value goes into headers. A version is the mode's own words: quoted, and what cannot stand in a tag (RFC 9110, 8.8.3) is percent-encoded.</summary>
    private static void Describe(ApiRequest request, JsonElement answer)
    {
        var headers = request.Context.Response.Headers;
        if (Text(answer, "version") is { } version)
        {
            headers.ETag = $"\"{Uri.EscapeDataString(version)}\"";
        }

        if (Text(answer, "from") is { } from)
        {
            headers["X-Served-By"] = from;
        }

        if (answer.TryGetProperty("ageMs", out var age))
        {
            headers["X-Age-Ms"] = age.GetRawText();
        }

        if (answer.TryGetProperty("siblings", out var siblings) && siblings.ValueKind == JsonValueKind.Array)
        {
            headers["X-Siblings"] = siblings.GetArrayLength().ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        if (Text(answer, StorageOperations.Token) is { } token)
        {
            headers["X-Session-Token"] = token;
        }
    }

    private static string? Text(JsonElement answer, string name) => answer.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static IEnumerable<ApiParameter> Dial(ModeOperation operation) =>
        operation.Arguments.Where(argument => argument.Name is not (StorageOperations.Key or StorageOperations.Value)).Select(ModeOperations.Describe);

    private static async Task<string> ReadValueAsync(ApiRequest request)
    {
        var reader = request.Context.Request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync(request.Aborted).ConfigureAwait(false);
            if (read.Buffer.Length > StorageOperations.ValueBytesMax)
            {
                throw new ApiException(StatusCodes.Status413PayloadTooLarge, "TooLarge", $"a value is at most {StorageOperations.ValueBytesMax} bytes long");
            }

            if (read.IsCompleted)
            {
                var isText = StorageText.TryRead(read.Buffer.ToArray(), out var value);
                reader.AdvanceTo(read.Buffer.End); // Without it the connection could not be used again.
                return isText ? value! : throw ApiException.BadRequest("the body is no UTF-8: storage modes keep text");
            }

            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }
}
