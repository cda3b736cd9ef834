using Cluster.Engine.Flaws;

namespace Cluster.Modes.Saga;

/// <summary>Bugs of a saga's driver, which is where people make them.</summary>
internal static class SagaFlaws
{
    public static readonly PlantedFlaw CompensateTwice = new()
    {
        Name = "compensate-twice",
        Breaks = "A compensation is not idempotent: one that has to be sent again gives back again what it gave back already.",
    };

    public static readonly PlantedFlaw SilenceIsRefusal = new()
    {
        Name = "silence-is-refusal",
        Breaks = "A step whose answer did not come is taken for one that did not happen, and is not compensated.",
    };
}
