using Cluster.Engine.Flaws;
using Cluster.Engine.Port;
using Cluster.Modes.Hosting;

namespace Cluster.Modes.Lock;

/// <summary>Locks with leases, a fair queue and fencing tokens, held by the shards; and the resource that compares the tokens.</summary>
public static class LockMode
{
    public const string Slug = "lock";

    public static Mode Mode { get; } = new(
        Slug,
        "coordination",
        "A lock by lease with fencing tokens: whoever wakes up after its lease has passed on is refused by what the lock guards.",
        LockLab.Scenario)
    {
        Parts = new ModeParts
        {
            Entities = [LockCore.Type, ResourceCore.Type],
            Messages = static messages => messages.Register("lock.freed", 1, LockJson.Default.LockFreed),
            Operations = LockOperations.All,
            Door = static node => Props.Create(() => new LockActor(node)),
            Flaws =
            [
                new PlantedFlaw { Name = LockActor.NoFencing, Breaks = "what a lock guards does not compare tokens: a holder that slept past its lease writes over the one after it" },
                new PlantedFlaw { Name = LockActor.TokenReused, Breaks = "a released token is given again: two holders have the same one, and the resource cannot tell them apart" },
            ],
        },
    };
}
