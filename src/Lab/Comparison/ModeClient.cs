using Cluster.Lab.Http;
using Cluster.Lab.Targets;
using Cluster.Lab.Workloads.Sessions;

namespace Cluster.Lab.Comparison;

/// <summary>Asks one mode on the nodes of a cluster, one request after the other.</summary>
internal sealed class ModeClient(ClusterTarget cluster, string mode) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Dictionary<string, NodeApi> apis = cluster.NodeNames.ToDictionary(name => name, name => cluster.Api(name, Patience));

    public Task<string> GetAsync(string node, string key, CancellationToken cancellation) => CallAsync(node, "get", isRead: true, cancellation, ("key", key));

    public Task<string> PutAsync(string node, string key, string value, CancellationToken cancellation) => CallAsync(node, "put", isRead: false, cancellation, ("key", key), ("value", value));

    public Task<string> WhereAsync(string node, string key, CancellationToken cancellation) => CallAsync(node, "where", isRead: true, cancellation, ("key", key));

    public void Dispose()
    {
        foreach (var api in apis.Values)
        {
            api.Dispose();
        }
    }

    private Task<string> CallAsync(string node, string operation, bool isRead, CancellationToken cancellation, params (string Name, string? Value)[] arguments) =>
        apis[node].CallModeAsync(new ModeCall(mode, operation, isRead, arguments), cancellation);
}
