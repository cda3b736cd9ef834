using Cluster.Engine.Port;
using Cluster.Modes.Hosting;
using Cluster.Modes.Shop;

namespace Cluster.Modes.Saga;

/// <summary>Orders over three participants without a lock: each step commits by itself, and is compensated when a later one fails. See README.md.</summary>
public static class SagaMode
{
    public const string Slug = "saga";

    private static readonly ShopLedgers Shop = new(Slug);

    public static Mode Mode { get; } = new(
        Slug,
        "coordination",
        "Every order ends complete or fully compensated, whichever node dies at whichever step.",
        SagaLab.Scenario)
    {
        Parts = new ModeParts
        {
            Entities = [SagaLog.Type, .. Shop.Types],
            Operations = [SagaOperations.Place, SagaOperations.Start, SagaOperations.Show, SagaOperations.List, SagaOperations.Figures, Shop.Look, ShopLedgers.ReadLedger],
            Door = static node => Props.Create(() => new SagaActor(node, Shop)),
            Flaws = [SagaFlaws.CompensateTwice, SagaFlaws.SilenceIsRefusal],
        },
    };
}
