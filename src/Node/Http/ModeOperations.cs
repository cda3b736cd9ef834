using System.Globalization;
using Cluster.Modes;
using Cluster.Modes.Hosting;
using Cluster.Shared.Http;

namespace Cluster.Node.Http;

/// <summary>The modes over HTTP: <c>/modes</c> lists them, and each operation that a mode declares has its route. Arguments stand in the query, or in a JSON object as the body of a POST.</summary>
internal sealed class ModeOperations(IModeDoors doors)
{
    private static readonly (int Status, string Meaning)[] Statuses =
    [
        (404, "What it is about is not there."),
        (409, "The mode's state forbids it; nothing has changed."),
        (413, "The body is longer than any arguments need."),
        (415, "The body is not labelled as JSON."),
        (503, "It was not served, and had no effect. Retry-After says when to try again."),
        (504, "No answer in time: it may or may not have taken effect."),
    ];

    private readonly IReadOnlyList<ModeView> views = [.. ModeCatalog.All.Select(mode => mode.View)];

    public IReadOnlyList<ApiOperation> All =>
    [
        new("GET", "/modes", "modes", "The modes of this node: what each claims, and what it can be asked.", request => request.WriteJsonAsync(views, NodeJson.Default.IReadOnlyListModeView))
        {
            Answer = typeof(IReadOnlyList<ModeView>),
        },
        .. ModeCatalog.All.SelectMany(mode => mode.Parts.Operations.Select(operation => Route(mode, operation))),
    ];

    private ApiOperation Route(Mode mode, ModeOperation operation) =>
        new(operation.IsRead ? "GET" : "POST", $"/modes/{mode.Slug}/{operation.Name}", mode.Slug, operation.Summary, request => AskAsync(request, mode, operation))
        {
            Parameters = [.. operation.Arguments.Select(Describe)],
            AnswerMedia = "application/json",
            Statuses = Statuses,
        };

    /// <summary>An argument as HTTP and its description have it.</summary>
    internal static ApiParameter Describe(ModeArgument argument)
    {
        var described = argument.Summary + (argument.Default is { } otherwise ? $" {otherwise} if not given." : argument.IsOptional ? " May be left out." : "");
        return argument.Kind switch
        {
            ModeArgumentKind.Number => ApiParameter.Integer(argument.Name, described, argument.Least, argument.Most),
            ModeArgumentKind.Choice => ApiParameter.Choice(argument.Name, described, argument.Allowed),
            ModeArgumentKind.Duration => ApiParameter.Text(argument.Name, string.Create(CultureInfo.InvariantCulture, $"{described} A time from {argument.Least}ms to {argument.Most}ms: 500ms, 10s, 2m.")),
            _ => ApiParameter.Text(argument.Name, string.Create(CultureInfo.InvariantCulture, $"{described} {argument.Least} to {argument.Most} bytes.")),
        };
    }

    private async Task AskAsync(ApiRequest request, Mode mode, ModeOperation operation)
    {
        if (!operation.TryRead(await ArgumentsAsync(request, operation).ConfigureAwait(false), out var asked, out var wrong))
        {
            await request.WriteErrorAsync(wrong).ConfigureAwait(false);
            return;
        }

        var answer = await doors.AskAsync(mode.Slug, asked, operation.IsRead, ModeHost.Patience, request.Aborted).ConfigureAwait(false);
        if (answer.Error is { } error)
        {
            await request.WriteErrorAsync(error).ConfigureAwait(false);
            return;
        }

        request.Context.Response.ContentType = "application/json; charset=utf-8";
        await request.Context.Response.Body.WriteAsync(answer.Json, request.Aborted).ConfigureAwait(false);
    }

    /// <inheritdoc cref="ModeBody.ReadAsync" path="/exception"/>
    private static async Task<IReadOnlyDictionary<string, string>> ArgumentsAsync(ApiRequest request, ModeOperation operation)
    {
        var sent = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var argument in operation.Arguments)
        {
            if (request.Query(argument.Name) is { } text)
            {
                sent.Add(argument.Name, text);
            }
        }

        await ModeBody.ReadAsync(request, operation, sent).ConfigureAwait(false);
        return sent;
    }
}
