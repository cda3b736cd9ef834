using Cluster.Engine.Port;

namespace Cluster.Modes.LogBased;

/// <summary>Gives each start of a producer an epoch above all before it, so that a partition can tell the new one from the old, and refuse the old (KIP-98, InitProducerId).</summary>
internal sealed class ProducerCore : IDecider<EpochGiven, NextEpoch, EpochGiven>
{
    public static readonly EntityType<EpochGiven, NextEpoch, EpochGiven> Type =
        new EntityType<EpochGiven, NextEpoch, EpochGiven>("log-based-producer", new ProducerCore(), 1, LogBasedJson.Default.EpochGiven)
            .Message("next", 1, LogBasedJson.Default.NextEpoch)
            .Message("given", 1, LogBasedJson.Default.EpochGiven);

    public EpochGiven Empty { get; } = new(0);

    public Decided<EpochGiven> Decide(EpochGiven state, NextEpoch command, EntityContext context)
    {
        var given = new EpochGiven(state.Epoch + 1);
        return Decided<EpochGiven>.Accept(given).With(given);
    }

    public EpochGiven Apply(EpochGiven state, EpochGiven @event) => @event;
}
