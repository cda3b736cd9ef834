namespace Cluster.Engine.Membership;

/// <summary>How a node watches its peers.</summary>
public sealed record ReachabilityOptions
{
    /// <summary>How often a node sends a heartbeat to each peer. Five a second: small beside the detector's pause, and nothing beside the shards' own traffic.</summary>
    public TimeSpan HeartbeatInterval { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>How often a node looks whether a heartbeat, a suspicion or a decision of the control plane is due: four looks to a heartbeat.</summary>
    public TimeSpan TickInterval { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>What each peer's detector goes by.</summary>
    public PhiAccrualOptions Detector { get; init; } = new();

    /// <exception cref="ArgumentException">An option is out of its bounds; the message names it.</exception>
    internal void Validate()
    {
        Detector.Validate();
        if (HeartbeatInterval < TimeSpan.FromMilliseconds(10) || HeartbeatInterval > PhiAccrualOptions.LongestInterval)
        {
            throw new ArgumentException($"{nameof(HeartbeatInterval)} is {HeartbeatInterval}; it must lie between 10 ms and {PhiAccrualOptions.LongestInterval}");
        }
    }
}
