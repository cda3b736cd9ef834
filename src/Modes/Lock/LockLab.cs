using Cluster.Shared.Scenarios;

namespace Cluster.Modes.Lock;

/// <summary>Clients that take a lock, write what it guards, and now and then fall asleep past their lease; while nodes die, stop, are cut off and have wrong clocks. Then two ways to build it wrong.</summary>
public static class LockLab
{
    public static Scenario Scenario { get; } = new(
        LockMode.Slug,
        "Locks: leases and fencing tokens",
        "Can a holder that was paused past its lease, and does not know it, still write what the lock guards?")
    {
        Nodes = 3,
        Shards = 4,
        Workloads = [new("fenced-lock", Clients: 9)],
        Faults = new FaultMix(
        [
            new(FaultType.Kill, "one"),
            new(FaultType.Kill, "leader", Weight: 2),
            new(FaultType.Restart, "one"),
            new(FaultType.Pause, "leader", Weight: 3),
            new(FaultType.Cut, "leader", Weight: 2),
            new(FaultType.CutIn, "one"),
            new(FaultType.CutOut, "leader"),
            new(FaultType.Loss, "all", Amount: "5%"),
            new(FaultType.ClockSkew, "leader", Weight: 2, Amount: "5s"),
            new(FaultType.ClockSkew, "one", Amount: "-5s"),
            new(FaultType.ClockDrift, "one", Amount: "1.5"),
        ]),
        Promised =
        [
            "fencing tokens rise from holder to holder, and none is given to two sessions, whatever clocks say and whoever dies",
            "what the lock guards takes nothing with an older token than it has seen: a late holder is refused",
            "fair: of those that wait, whoever came first is granted first",
            "a holder that dies is out of the way after its lease and its lock delay; a dead waiter after its place is over",
        ],
        NotPromised =
        [
            "that nobody else holds the lock before a lease is over, where leaders' clocks differ: the lease is liveness, the token is safety",
            "anything for a resource that does not compare tokens, beyond the lock delay",
            "grants on the side of a partition that holds no majority: it refuses",
        ],
        Bugs =
        [
            new("no-fencing", "The resource takes any token: whoever wakes up after its lease writes over the newer holder.", [LockActor.NoFencing])
            {
                Faults = Pauses,
            },
            new("token-reused", "A released token is given again: two sessions hold the same one, and the resource cannot tell them apart.", [LockActor.TokenReused])
            {
                Faults = Pauses,
            },
        ],
    };

    /// <summary>Holders fall asleep by themselves; a leader that stops as well makes leases end while their holders are awake.</summary>
    private static FaultMix Pauses => new([new(FaultType.Pause, "leader")])
    {
        GapMin = TimeSpan.FromSeconds(2),
        GapMax = TimeSpan.FromSeconds(4),
        LengthMin = TimeSpan.FromSeconds(0.5),
        LengthMax = TimeSpan.FromSeconds(1.5),
        AtOnce = 1,
    };
}
