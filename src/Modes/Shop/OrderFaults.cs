using Cluster.Shared.Scenarios;

namespace Cluster.Modes.Shop;

/// <summary>What is done to nodes that carry out orders: the same for every mode that does, so that they can be compared.</summary>
internal static class OrderFaults
{
    /// <summary>Nodes die, stop, lose power and are cut off, and messages are late and lost.</summary>
    public static FaultMix All { get; } = new(
    [
        new(FaultType.Kill, "one", Weight: 3),
        new(FaultType.Kill, "leader", Weight: 2),
        new(FaultType.Restart, "one"),
        new(FaultType.PowerLoss, "one"),
        new(FaultType.PowerLoss, "all"),
        new(FaultType.Pause, "one", Weight: 2),
        new(FaultType.Pause, "leader"),
        new(FaultType.Cut, "one"),
        new(FaultType.Cut, "leader"),
        new(FaultType.CutIn, "one"),
        new(FaultType.CutOut, "one"),
        new(FaultType.Delay, "one", Amount: "80ms"),
        new(FaultType.Loss, "all", Amount: "5%"),
        new(FaultType.ClockSkew, "one", Amount: "5s"),
    ]);

    /// <summary>Messages are slow, so that many orders are half-way at any moment, and whoever drives them dies often.</summary>
    public static FaultMix SlowAndDeadly { get; } = new([new(FaultType.Delay, "all", Weight: 3, Amount: "60ms"), new(FaultType.Kill, "one", Weight: 2), new(FaultType.Kill, "leader", Weight: 2), new(FaultType.Restart, "one")])
    {
        GapMin = TimeSpan.FromSeconds(0.5),
        GapMax = TimeSpan.FromSeconds(1),
        LengthMin = TimeSpan.FromSeconds(1),
        LengthMax = TimeSpan.FromSeconds(3),
        AtOnce = 2,
    };
}
