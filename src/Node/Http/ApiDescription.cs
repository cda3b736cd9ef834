using System.Globalization;
using Cluster.Shared.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Cluster.Node.Http;

/// <summary>The OpenAPI document at <c>/openapi/v1.json</c>, made when first asked for, from the same table that requests are checked by.</summary>
internal static class ApiDescription
{
    public static void Configure(OpenApiOptions options)
    {
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo
            {
                Title = "Cluster Lab node",
                Version = "v1",
                Description = "Keys and values, the cluster as this node sees it, health, metrics; and, on a node started with --lab, faults and member changes.",
            };
            return Task.CompletedTask;
        });
        options.AddOperationTransformer(DescribeAsync);
    }

    private static async Task DescribeAsync(OpenApiOperation description, OpenApiOperationTransformerContext context, CancellationToken cancellation)
    {
        if (context.Description.ActionDescriptor.EndpointMetadata.OfType<ApiOperation>().FirstOrDefault() is not { } operation)
        {
            return;
        }

        description.OperationId = operation.Method.ToLowerInvariant() + operation.Route.Replace("/", "_", StringComparison.Ordinal).Replace("{", "", StringComparison.Ordinal).Replace("}", "", StringComparison.Ordinal).Replace("*", "", StringComparison.Ordinal);
        description.Summary = operation.Summary;
        description.Tags = new HashSet<OpenApiTagReference> { new(operation.Tag, context.Document) };
        description.Parameters = [.. operation.Parameters.Select(Describe)];
        if (!operation.IsOpen)
        {
            description.Parameters.Add(Describe(ApiParameter.Header("Authorization", $"Bearer and the {(operation.IsAdmin ? "admin token" : "client token, where the node has one")}.")));
        }

        description.RequestBody = operation.TakesBytes
            ? Body("application/octet-stream", new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" })
            : operation.Body is { } body ? Body("application/json", await SchemaAsync(context, body, cancellation).ConfigureAwait(false)) : null;
        description.Responses = [];
        description.Responses[Text(operation.Success)] = await AnswerAsync(operation, context, cancellation).ConfigureAwait(false);
        var error = await SchemaAsync(context, typeof(ErrorView), cancellation).ConfigureAwait(false);
        description.Responses["400"] = Error("The request is wrong; the message says what is allowed.", error);
        if (!operation.IsOpen)
        {
            description.Responses["401"] = Error(operation.IsAdmin ? "The admin token is missing or wrong." : "The node was started with a client token, and it is missing or wrong.", error);
            description.Responses["429"] = Error("Too many wrong tokens from this address.", error);
        }

        if (operation.IsAdmin)
        {
            description.Responses["403"] = Error("The token is that of clients.", error);
        }

        foreach (var (status, meaning) in operation.Statuses)
        {
            description.Responses[Text(status)] = status < 400 ? new OpenApiResponse { Description = meaning } : Error(meaning, error);
        }
    }

    private static OpenApiParameter Describe(ApiParameter parameter) => new()
    {
        Name = parameter.Name,
        In = parameter.In switch { "path" => ParameterLocation.Path, "header" => ParameterLocation.Header, _ => ParameterLocation.Query },
        Required = parameter.In == "path",
        Description = parameter.Description,
        Schema = new OpenApiSchema
        {
            Type = parameter.IsInteger ? JsonSchemaType.Integer : JsonSchemaType.String,
            Format = parameter.IsInteger ? "int64" : null,
            Enum = parameter.Allowed.Count == 0 ? null : [.. parameter.Allowed.Select(value => System.Text.Json.Nodes.JsonValue.Create(value))],
        },
    };

    private static OpenApiRequestBody Body(string media, IOpenApiSchema schema) => new()
    {
        Required = true,
        Content = new Dictionary<string, OpenApiMediaType> { [media] = new() { Schema = schema } },
    };

    private static async Task<OpenApiResponse> AnswerAsync(ApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellation)
    {
        var response = new OpenApiResponse { Description = "Done." };
        if (operation.Answer is { } answer)
        {
            response.Content = new Dictionary<string, OpenApiMediaType> { ["application/json"] = new() { Schema = await SchemaAsync(context, answer, cancellation).ConfigureAwait(false) } };
        }

        if (operation.AnswerMedia is { } media)
        {
            response.Content ??= new Dictionary<string, OpenApiMediaType>();
            response.Content[media] = new OpenApiMediaType { Schema = new OpenApiSchema { Type = JsonSchemaType.String } };
        }

        return response;
    }

    private static OpenApiResponse Error(string meaning, IOpenApiSchema schema) => new()
    {
        Description = meaning,
        Content = new Dictionary<string, OpenApiMediaType> { ["application/json"] = new() { Schema = schema } },
    };

    private static async Task<IOpenApiSchema> SchemaAsync(OpenApiOperationTransformerContext context, Type type, CancellationToken cancellation) =>
        await context.GetOrCreateSchemaAsync(type, null, cancellation).ConfigureAwait(false);

    private static string Text(int status) => status.ToString(CultureInfo.InvariantCulture);
}
