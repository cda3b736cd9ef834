using System.Diagnostics.Metrics;
using Cluster.Engine.Port;
using Cluster.Modes.Hosting;
using Cluster.Modes.Shop;

namespace Cluster.Modes.Saga;

/// <summary>What every saga's driver on one node shares.</summary>
internal sealed class SagaServices
{
    private readonly Counter<long> ended;
    private readonly Histogram<double> duration;

    /// <param name="log">This node's way to the logs.</param>
    public SagaServices(IModeNode node, IActorRef log, LedgerWays ledgers)
    {
        (Name, Log, Ledgers) = (node.Name.ToString(), log, ledgers);
        CompensatesTwice = node.HasFlaw(SagaFlaws.CompensateTwice.Name);
        TakesSilenceForRefusal = node.HasFlaw(SagaFlaws.SilenceIsRefusal.Name);
        ended = node.Meter.CreateCounter<long>("saga.ended", "{saga}", "Sagas that this node drove to their end, by style and outcome");
        duration = node.Meter.CreateHistogram<double>("saga.duration", "s", "From a saga's begin to its end, by style and outcome");
    }

    public string Name { get; }

    public IActorRef Log { get; }

    public LedgerWays Ledgers { get; }

    public bool CompensatesTwice { get; }

    public bool TakesSilenceForRefusal { get; }

    /// <param name="took">Null where it had begun elsewhere.</param>
    public void Measure(SagaStyle style, SagaPhase phase, TimeSpan? took)
    {
        KeyValuePair<string, object?>[] tags = [new("style", style.ToString().ToLowerInvariant()), new("outcome", phase.ToString().ToLowerInvariant())];
        ended.Add(1, tags);
        if (took is { } time)
        {
            duration.Record(time.TotalSeconds, tags);
        }
    }
}
