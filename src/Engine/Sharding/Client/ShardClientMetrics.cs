using System.Diagnostics.Metrics;
using Cluster.Shared.Results;

namespace Cluster.Engine.Sharding.Client;

/// <summary>What a node's requests to shards come to, as <c>System.Diagnostics.Metrics</c> of the meter <see cref="MeterName"/>.</summary>
internal sealed class ShardClientMetrics : IDisposable
{
    public const string MeterName = "Cluster.Engine.Client";

    private readonly Meter meter = new(MeterName);
    private readonly Counter<long> requests;
    private readonly Counter<long> retries;

    public ShardClientMetrics(NodeBreakers breakers)
    {
        requests = meter.CreateCounter<long>("cluster.client.requests", "{request}", "Requests to shards by how they ended.");
        retries = meter.CreateCounter<long>("cluster.client.retries", "{attempt}", "Attempts after the first one.");
        meter.CreateObservableGauge("cluster.client.breakers_open", breakers.CountOpen, "{breaker}", "Nodes whose circuit breaker refuses calls.");
    }

    public void Ended(ErrorCode error, int failedAttempts)
    {
        requests.Add(1, new KeyValuePair<string, object?>("outcome", NameOf(error)));
        if (failedAttempts > 0)
        {
            retries.Add(failedAttempts);
        }
    }

    public void Dispose() => meter.Dispose();

    private static string NameOf(ErrorCode error) => error switch
    {
        ErrorCode.None => "answered",
        ErrorCode.BadRequest => "bad_request",
        ErrorCode.OutcomeUnknown => "outcome_unknown",
        ErrorCode.Overloaded => "overloaded",
        ErrorCode.StorageUnavailable => "storage_unavailable",
        _ => "unavailable",
    };
}
