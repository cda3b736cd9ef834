using System.Diagnostics.Metrics;

namespace Cluster.Modes.CircuitBreaker;

/// <summary>What a node measures of its proxies: calls by dependency and outcome, retries, how long calls took, changes of state.</summary>
internal sealed class ProxyMeters(Meter meter)
{
    private readonly Counter<long> calls = meter.CreateCounter<long>("circuit-breaker.calls", "{call}", "Calls by dependency, outcome and reason");
    private readonly Counter<long> retries = meter.CreateCounter<long>("circuit-breaker.retries", "{attempt}", "Attempts after the first of their call");
    private readonly Counter<long> changes = meter.CreateCounter<long>("circuit-breaker.changes", "{change}", "Changes of a breaker's state, by dependency and new state");
    private readonly Histogram<double> duration = meter.CreateHistogram<double>("circuit-breaker.duration", "s", "How long a call took, the wait for a worker included");

    public void Ended(string to, CallReport report)
    {
        calls.Add(1, new("to", to), new("outcome", report.Outcome), new("because", report.Because ?? "answered"));
        duration.Record(report.Ms / 1e3, new("to", to), new("outcome", report.Outcome));
        if (report.Attempts > 1)
        {
            retries.Add(report.Attempts - 1, new KeyValuePair<string, object?>("to", to));
        }
    }

    public void Changed(string to, BreakerState state) => changes.Add(1, new("to", to), new("state", state.ToString()));
}
