using System.Diagnostics.Metrics;

namespace Cluster.Modes.SharedEverything;

/// <summary>What this mode measures on one node.</summary>
internal sealed class SharedEverythingMetrics
{
    private readonly Counter<long> attempts;
    private readonly Counter<long> again;
    private readonly Counter<long> foundAgain;
    private readonly Counter<long> lost;
    private readonly Histogram<double> duration;
    private int inUse;
    private int waiting;
    private int isUp;

    public SharedEverythingMetrics(Meter meter)
    {
        meter.CreateObservableGauge("shared-everything.pool.in-use", () => Volatile.Read(ref inUse), "{connection}", "Connections to the database on which this node has a transaction under way");
        meter.CreateObservableGauge("shared-everything.pool.waiting", () => Volatile.Read(ref waiting), "{request}", "Requests that wait for a connection to the database");
        meter.CreateObservableGauge("shared-everything.database.up", () => Volatile.Read(ref isUp), null, "1 while the database answers this node");
        attempts = meter.CreateCounter<long>("shared-everything.database.attempts", "{attempt}", "Transactions and queries that this node began");
        again = meter.CreateCounter<long>("shared-everything.database.again", "{attempt}", "Of them, those that asked about a commit whose answer was lost");
        foundAgain = meter.CreateCounter<long>("shared-everything.database.found-again", "{attempt}", "Of those, the ones that found it committed, by the request's id");
        lost = meter.CreateCounter<long>("shared-everything.database.lost", "{outage}", "Times that the database ceased to answer this node");
        duration = meter.CreateHistogram<double>("shared-everything.database.duration", "s", "From the begin of an attempt to its answer");
    }

    public void Pool(PoolCore pool)
    {
        Volatile.Write(ref inUse, pool.InUse);
        Volatile.Write(ref waiting, pool.Waiting);
        Volatile.Write(ref isUp, pool.State == PoolState.Up ? 1 : 0);
    }

    public void Began(bool isAgain)
    {
        attempts.Add(1);
        if (isAgain)
        {
            again.Add(1);
        }
    }

    public void FoundAgain() => foundAgain.Add(1);

    public void Lost() => lost.Add(1);

    public void Took(TimeSpan time) => duration.Record(time.TotalSeconds);
}
