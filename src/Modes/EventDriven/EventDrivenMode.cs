using Cluster.Engine.Port;
using Cluster.Modes.Hosting;

namespace Cluster.Modes.EventDriven;

/// <summary>Producers and consumers that know a bus and not each other: at least once, tried again with back-off, dead letters, and an effect that happens once.</summary>
public static class EventDrivenMode
{
    public const string Slug = "event-driven";

    public static Mode Mode { get; } = new(
        Slug,
        "messaging",
        "Events over a durable bus, delivered at least once and handled once in effect, in the order of their key; what cannot be handled is a dead letter that can be sent again.",
        EventDrivenLab.Scenario)
    {
        Parts = new ModeParts
        {
            Entities = [BusCore.Type, InboxCore.Type, EventDrivenServices.GroupType],
            Operations = EventDrivenOperations.All,
            Door = static node => Props.Create(() => new EventDrivenActor(node)),
            Flaws = EventDrivenFlaws.All,
        },
    };
}
