using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Cluster.Modes.Hosting;
using Cluster.Modes.Storage;
using Cluster.Shared.Http;
using Cluster.Shared.Results;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace Cluster.Node.Http;

/// <summary>One request to an operation, its parameters checked: an unknown one, or a value that is not allowed, is a 400 that says what is.</summary>
internal sealed class ApiRequest
{
    private readonly Dictionary<string, StringValues> query;

    /// <exception cref="ApiException">A query parameter is unknown, given twice, or has a value that it may not have.</exception>
    public ApiRequest(HttpContext context, ApiOperation operation)
    {
        Context = context;
        Operation = operation;
        query = QueryHelpers.ParseQuery(context.Request.QueryString.Value);
        if (operation.IsNothing)
        {
            return;
        }

        foreach (var (name, values) in query)
        {
            Check(name, values);
        }

        foreach (var pair in new QueryStringEnumerable(context.Request.QueryString.Value))
        {
            CheckEncoding(pair.DecodeName().Span, pair.EncodedValue.Span);
        }
    }

    public HttpContext Context { get; }

    public ApiOperation Operation { get; }

    public CancellationToken Aborted => Context.RequestAborted;

    /// <summary>A query parameter; null when it is not given.</summary>
    public string? Query(string name) => query.TryGetValue(name, out var values) ? values[0] : null;

    /// <summary>A whole number that was checked already; null when it is not given.</summary>
    public long? Integer(string name) => Query(name) is { } text ? long.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture) : null;

    public string? Header(string name) => Context.Request.Headers[name] is { Count: > 0 } values ? values.ToString() : null;

    public string RouteValue(string name) => (string?)Context.Request.RouteValues[name] ?? "";

    /// <summary>For what takes its arguments in the query: a body that says something else would be answered as if it had been obeyed.</summary>
    /// <param name="instead">What to write in the query.</param>
    /// <exception cref="ApiException">There is a body.</exception>
    public async Task RefuseBodyAsync(string instead)
    {
        if (Context.Features.Get<IHttpRequestBodyDetectionFeature>() is not { CanHaveBody: false } && await Context.Request.Body.ReadAsync(new byte[1], Aborted).ConfigureAwait(false) > 0)
        {
            throw ApiException.BadRequest($"this takes no body, and nothing was done: write ?{instead}");
        }
    }

    /// <summary>Reads a JSON body.</summary>
    /// <exception cref="ApiException">It is not JSON of this type.</exception>
    public async Task<T> ReadJsonAsync<T>(JsonTypeInfo<T> type)
    {
        try
        {
            return await JsonSerializer.DeserializeAsync(Context.Request.Body, type, Aborted).ConfigureAwait(false)
                ?? throw ApiException.BadRequest("the body is null: /openapi/v1.json shows what this takes");
        }
        catch (JsonException error)
        {
            var where = error.Path is { Length: > 0 } path ? $" (at {path})" : "";
            throw ApiException.BadRequest($"the body is not the JSON that this takes{where}: {WithoutTypes(error.Message)}");
        }
        catch (InvalidOperationException)
        {
            throw ApiException.BadRequest("the body is not the JSON that this takes: a text in it is no UTF-8, or has half of a surrogate pair");
        }
    }

    /// <summary>Names of this program's types tell a client nothing.</summary>
    private static string WithoutTypes(string message) => !message.Contains("Cluster.", StringComparison.Ordinal) && !message.Contains("System.", StringComparison.Ordinal) ? message
        : message.Contains("could not be mapped", StringComparison.Ordinal) ? "a member is unknown; /openapi/v1.json shows what this takes"
        : "a value is of another kind than it must be; /openapi/v1.json shows what this takes";

    public Task WriteJsonAsync<T>(T value, JsonTypeInfo<T> type, int status = StatusCodes.Status200OK)
    {
        Context.Response.StatusCode = status;
        return Context.Response.WriteAsJsonAsync(value, type, contentType: null, Aborted);
    }

    public Task WriteErrorAsync(int status, string error, string message) =>
        WriteJsonAsync(new ErrorView(error, message), NodeJson.Default.ErrorView, status);

    public Task WriteErrorAsync(ClusterError error)
    {
        var status = StatusOf(error.Code);
        if (status == StatusCodes.Status503ServiceUnavailable)
        {
            Context.Response.Headers.RetryAfter = "1";
        }

        return WriteErrorAsync(status, error.Code.ToString(), error.Message);
    }

    private static int StatusOf(ErrorCode code) => code switch
    {
        ErrorCode.BadRequest => StatusCodes.Status400BadRequest,
        ErrorCode.Forbidden => StatusCodes.Status403Forbidden,
        ErrorCode.NotFound => StatusCodes.Status404NotFound,
        ErrorCode.Conflict => StatusCodes.Status409Conflict,
        ErrorCode.OutcomeUnknown => StatusCodes.Status504GatewayTimeout,
        _ => StatusCodes.Status503ServiceUnavailable,
    };

    /// <summary>Two requests that mean different things must not be read as the same: a percent sign that begins no byte, and bytes that are no text, were taken as they stand.</summary>
    private void CheckEncoding(ReadOnlySpan<char> name, ReadOnlySpan<char> encoded)
    {
        var bytes = KeyPath.Decode(encoded);
        foreach (var parameter in Operation.Parameters)
        {
            if (parameter.In == "query" && name.SequenceEqual(parameter.Name) && !parameter.IsBytes && !StorageText.TryRead(bytes, out _))
            {
                throw ApiException.BadRequest($"query parameter '{parameter.Name}' is no UTF-8: {encoded[..Math.Min(encoded.Length, 40)]}");
            }
        }
    }

    private void Check(string name, StringValues values)
    {
        var parameters = Operation.Parameters.Where(parameter => parameter.In == "query").ToArray();
        if (parameters.FirstOrDefault(parameter => parameter.Name == name) is not { } known)
        {
            throw ApiException.BadRequest(parameters.Length == 0
                ? $"unknown query parameter '{name}': this takes none"
                : $"unknown query parameter '{name}': this takes {string.Join(", ", parameters.Select(parameter => parameter.Name))}");
        }

        if (values.Count != 1)
        {
            throw ApiException.BadRequest($"query parameter '{name}' is given {values.Count} times");
        }

        if (known.Allowed.Count > 0 && !known.Allowed.Contains(values[0], StringComparer.Ordinal))
        {
            throw ApiException.BadRequest($"{name}={values[0]} is not one of {string.Join(", ", known.Allowed)}");
        }

        if (known.IsInteger && !(ModeArgument.TryReadNumber(values[0] ?? "", out var number) && number >= known.Minimum && number <= known.Maximum))
        {
            throw ApiException.BadRequest(string.Create(CultureInfo.InvariantCulture, $"{name}={values[0]} is not a whole number from {known.Minimum} to {known.Maximum}"));
        }
    }
}
