using System.Diagnostics.Metrics;
using Cluster.Node.Options;

namespace Cluster.Node.Http;

/// <summary>What the HTTP door measures. Labels are the operation's route and the status, so there are never more series than operations times statuses.</summary>
internal sealed class HttpMetrics : IDisposable
{
    public const string MeterName = "Cluster.Node.Http";

    private readonly Meter meter;
    private readonly Histogram<double> duration;

    public HttpMetrics(NodeOptions node)
    {
        meter = new Meter(new MeterOptions(MeterName) { Scope = node });
        duration = meter.CreateHistogram<double>("http.request.duration", "s", "From a request's routing to its answer.");
    }

    public void Finished(ApiOperation operation, int status, TimeSpan elapsed) => duration.Record(
        elapsed.TotalSeconds, new("method", operation.Method), new("route", operation.Route), new("status", status));

    public void Dispose() => meter.Dispose();
}
