using System.Text.Json.Nodes;
using Cluster.Client.Nodes;
using Cluster.Lab;
using Cluster.Lab.Targets;
using Cluster.Lab.Workloads.Sessions;

namespace Cluster.Client.Keys;

/// <summary>The keys of a storage mode. Which operations and which dial it has, the node tells.</summary>
internal sealed class ModeKeyStore(ClusterTarget cluster, string? node, string slug) : IKeyStore
{
    public async Task<JsonNode> AskAsync(string operation, IReadOnlyList<(string Name, string? Value)> arguments, CancellationToken cancellation)
    {
        var modes = (await ModeCaller.ListAsync(cluster, node, cancellation).ConfigureAwait(false)).Where(mode => mode.Storage is not null && mode.Operations.Count > 0).ToList();
        var mode = modes.FirstOrDefault(mode => mode.Slug == slug) ?? throw Suggestion.Unknown("storage mode", slug, modes.Select(mode => mode.Slug));
        var asked = mode.Operations.FirstOrDefault(known => known.Name == operation) ?? throw new UsageException($"{slug} has no {operation} (it has {string.Join(", ", mode.Operations.Select(known => known.Name))})");
        if (arguments.FirstOrDefault(argument => argument.Value is not null && asked.Arguments.All(known => known.Name != argument.Name)) is { Name: { } name })
        {
            throw new UsageException($"{operation} of {slug} takes no {name} (it takes {string.Join(", ", asked.Arguments.Select(known => known.Name))})");
        }

        var answer = await ModeCaller.CallAsync(cluster, node, new ModeCall(slug, operation, asked.IsRead, [.. arguments]), cancellation).ConfigureAwait(false);
        return JsonNode.Parse(answer) ?? throw new LabException($"{slug} answered {operation} by null");
    }
}
