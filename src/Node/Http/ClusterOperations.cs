using System.Text;
using Cluster.Node.Options;
using Cluster.Node.Telemetry;
using Cluster.Shared.Http;

namespace Cluster.Node.Http;

/// <summary>What this node sees of its cluster and of itself. Read only. Health is open to all who reach the port.</summary>
internal sealed class ClusterOperations(INodeStatus status, NodeOptions options, PrometheusExporter metrics)
{
    public IReadOnlyList<ApiOperation> All =>
    [
        new("GET", "/cluster", "cluster", "The cluster as this node sees it.", async request =>
            await request.WriteJsonAsync(await status.GetViewAsync(request.Aborted).ConfigureAwait(false), NodeJson.Default.ClusterView).ConfigureAwait(false))
        {
            Answer = typeof(ClusterView),
        },
        new("GET", "/cluster/members", "cluster", "Its members as this node sees them.", async request =>
            await request.WriteJsonAsync((await status.GetViewAsync(request.Aborted).ConfigureAwait(false)).Members, NodeJson.Default.IReadOnlyListMemberView).ConfigureAwait(false))
        {
            Answer = typeof(IReadOnlyList<MemberView>),
        },
        new("GET", "/shards", "cluster", "Its shards as this node sees them.", async request =>
            await request.WriteJsonAsync((await status.GetViewAsync(request.Aborted).ConfigureAwait(false)).Shards, NodeJson.Default.IReadOnlyListShardView).ConfigureAwait(false))
        {
            Answer = typeof(IReadOnlyList<ShardView>),
        },
        new("GET", "/cluster/diagnosis", "cluster", "What is not as it should be, why, and what to do, as far as this node can tell; the worst first.", request =>
            request.WriteJsonAsync(status.Diagnose(), NodeJson.Default.DiagnosisView))
        {
            Answer = typeof(DiagnosisView),
        },
        new("GET", "/cluster/plan", "cluster", "The moves of replicas and leaderships that the control plane would make from now on. It moves nothing.", request =>
            request.WriteJsonAsync(status.Plan(), NodeJson.Default.PlacementPlanView))
        {
            Answer = typeof(PlacementPlanView),
        },
        new("GET", "/alive", "health", "Whether the process answers at all.", request =>
            request.WriteJsonAsync(new ReadinessView(options.Name.ToString(), status.NotReadyBecause is null, status.NotReadyBecause), NodeJson.Default.ReadinessView))
        {
            Answer = typeof(ReadinessView),
            IsOpen = true,
        },
        new("GET", "/ready", "health", "Whether this node serves requests, and if not, why.", ReadyAsync)
        {
            Answer = typeof(ReadinessView),
            Statuses = [(503, "It does not.")],
            IsOpen = true,
        },
        new("GET", "/metrics", "health", "Metrics in Prometheus's text format.", MetricsAsync) { AnswerMedia = PrometheusExporter.ContentType },
    ];

    private Task ReadyAsync(ApiRequest request)
    {
        var because = status.NotReadyBecause;
        if (because is not null)
        {
            request.Context.Response.Headers.RetryAfter = "1";
        }

        return request.WriteJsonAsync(
            new ReadinessView(options.Name.ToString(), because is null, because),
            NodeJson.Default.ReadinessView,
            because is null ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }

    private Task MetricsAsync(ApiRequest request)
    {
        request.Context.Response.ContentType = PrometheusExporter.ContentType;
        return request.Context.Response.WriteAsync(metrics.Write(), Encoding.UTF8, request.Aborted);
    }
}
