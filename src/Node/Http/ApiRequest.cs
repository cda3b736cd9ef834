using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Cluster.Shared.Http;
using Cluster.Shared.Results;
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
        foreach (var (name, values) in query)
        {
            Check(name, values);
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

    /// <summary>Reads a JSON body.</summary>
    /// <exception cref="ApiException">It is not JSON of this type.</exception>
    public async Task<T> ReadJsonAsync<T>(JsonTypeInfo<T> type)
    {
        try
        {
            return await JsonSerializer.DeserializeAsync(Context.Request.Body, type, Aborted).ConfigureAwait(false)
                ?? throw ApiException.BadRequest($"the body must be JSON of a {typeof(T).Name}, not null");
        }
        catch (JsonException error)
        {
            throw ApiException.BadRequest($"the body is not the JSON that this takes: {error.Message}");
        }
    }

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

        if (known.IsInteger && !(long.TryParse(values[0], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= known.Minimum && number <= known.Maximum))
        {
            throw ApiException.BadRequest(string.Create(CultureInfo.InvariantCulture, $"{name}={values[0]} is not a whole number from {known.Minimum} to {known.Maximum}"));
        }
    }
}
