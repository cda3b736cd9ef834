using System.Diagnostics;
using System.Reflection;
using Cluster.Node.Options;
using Cluster.Shared.Results;

namespace Cluster.Node.Http;

/// <summary>Puts operations on routes, and round each: the check of who asks, and errors as <see cref="Cluster.Shared.Http.ErrorView"/>.</summary>
internal static class ApiMapping
{
    public static void Map(IEndpointRouteBuilder routes, IReadOnlyList<ApiOperation> operations, NodeOptions options, HttpGate gate, HttpMetrics metrics, DoorClosing closing)
    {
        foreach (var operation in operations)
        {
            if (operation.IsAdmin && !gate.HasAdmin)
            {
                continue; // Not refused but absent: what is not there cannot be opened by mistake.
            }

            RequestDelegate run = context => RunAsync(context, operation, gate, metrics, closing);
            routes.MapMethods(operation.Route, [operation.Method], run).WithMetadata(operation, run.GetMethodInfo());
        }

        routes.MapFallback(context => RunAsync(context, Nothing(options), gate, metrics, closing)).ExcludeFromDescription();
    }

    private static async Task RunAsync(HttpContext context, ApiOperation operation, HttpGate gate, HttpMetrics metrics, DoorClosing closing)
    {
        var started = Stopwatch.GetTimestamp();
        if (operation.IsOnData)
        {
            closing.Enter();
        }

        try
        {
            gate.Check(context, operation);
            if (operation.IsOnData && closing.IsClosing)
            {
                context.Response.Headers.RetryAfter = "1";
                context.Response.Headers.Connection = "close";
                throw new ApiException(StatusCodes.Status503ServiceUnavailable, nameof(ErrorCode.Unavailable), "this node is about to end and takes no requests any more: ask another one");
            }

            await operation.Handle(new ApiRequest(context, operation)).ConfigureAwait(false);
        }
        catch (ApiException error)
        {
            await AnswerAsync(context, error.Status, error.Error, error.Message).ConfigureAwait(false);
        }
        catch (BadHttpRequestException error)
        {
            await AnswerAsync(context, error.StatusCode, error.StatusCode == StatusCodes.Status413PayloadTooLarge ? "TooLarge" : nameof(ErrorCode.BadRequest), error.Message).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there to be answered.
        }
        catch (IOException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Likewise.
        }
        catch (IOException error)
        {
            // What the client sends cannot be told into requests any more: a chunk of no known length, above all.
            context.Response.Headers.Connection = "close";
            await AnswerAsync(context, StatusCodes.Status400BadRequest, nameof(ErrorCode.BadRequest), $"the body cannot be read: {error.Message}").ConfigureAwait(false);
        }
        catch (Exception error)
        {
            context.RequestServices.GetRequiredService<ILogger<ApiOperation>>().LogError(error, "{Method} {Route} failed", operation.Method, operation.Route);
            await AnswerAsync(context, StatusCodes.Status500InternalServerError, nameof(ErrorCode.OutcomeUnknown), "the node failed inside this request; its log says why").ConfigureAwait(false);
        }
        finally
        {
            if (operation.IsOnData)
            {
                closing.Leave();
            }

            metrics.Finished(operation, context.Response.StatusCode, Stopwatch.GetElapsedTime(started));
        }
    }

    private static Task AnswerAsync(HttpContext context, int status, string error, string message)
    {
        if (context.Response.HasStarted)
        {
            context.Abort();
            return Task.CompletedTask;
        }

        context.Response.StatusCode = status;
        return context.Response.WriteAsJsonAsync(new Shared.Http.ErrorView(error, message), NodeJson.Default.ErrorView, contentType: null, context.RequestAborted);
    }

    private static ApiOperation Nothing(NodeOptions options) => new("*", "fallback", "", "", request =>
    {
        var path = request.Context.Request.Path;
        var why = path.StartsWithSegments("/admin", StringComparison.Ordinal) && !options.Lab
            ? $"there is no {path}: admin operations exist only on a node started with --lab"
            : $"there is no {request.Context.Request.Method} {path}: /openapi/v1.json lists what there is";
        throw new ApiException(StatusCodes.Status404NotFound, nameof(ErrorCode.NotFound), why);
    })
    {
        IsOpen = true,
        IsNothing = true,
    };
}
