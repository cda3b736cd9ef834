using System.Diagnostics.Metrics;
using Cluster.Engine.Port;
using Cluster.Modes.DistributedDatabase.Ranges;
using Cluster.Modes.DistributedDatabase.Transactions;
using Cluster.Modes.Hosting;

namespace Cluster.Modes.DistributedDatabase;

/// <summary>What every coordinator on one node shares.</summary>
internal sealed class DatabaseServices
{
    private readonly Counter<long> ended;
    private readonly Counter<long> restarts;
    private readonly Counter<long> met;
    private readonly Histogram<double> durations;

    /// <param name="ticks">This node's way to the oracle.</param>
    public DatabaseServices(IModeNode node, IActorRef ticks)
    {
        (Ranges, Ticks) = (node.Sharding.Start(RangeDecider.Type), ticks);
        Flaws = new CoordinatorFlaws(
            node.HasFlaw(DistributedDatabaseMode.NoIntentCheck),
            node.HasFlaw(DistributedDatabaseMode.SkipRefresh),
            node.HasFlaw(DistributedDatabaseMode.CommitBeforeIntents));
        ended = node.Meter.CreateCounter<long>("distributed-database.transactions", "{transaction}", "Transactions that this node coordinated, by how they ended and whether they were one entry of one range");
        restarts = node.Meter.CreateCounter<long>("distributed-database.restarts", "{attempt}", "Attempts after the first");
        met = node.Meter.CreateCounter<long>("distributed-database.intents-met", "{meeting}", "Times that a transaction found another's intent in its way");
        durations = node.Meter.CreateHistogram<double>("distributed-database.duration", "s", "From a transaction's begin to its client's answer");
    }

    public IShardRegion Ranges { get; }

    public IActorRef Ticks { get; }

    public CoordinatorFlaws Flaws { get; }

    public void Measure(TransactionAnswer answer, TimeSpan took)
    {
        ended.Add(1, new("end", answer.End.ToString().ToLowerInvariant()), new("phases", answer.IsOnePhase ? "one" : "two"));
        durations.Record(took.TotalSeconds);
    }

    public void Measure(TransactionCore core)
    {
        restarts.Add(core.Restarts);
        met.Add(core.Met);
    }
}
