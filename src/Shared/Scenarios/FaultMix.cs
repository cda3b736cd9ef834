namespace Cluster.Shared.Scenarios;

/// <summary>What a generated schedule is made of: which faults, how often, how long. A seed makes a schedule of it, always the same.</summary>
/// <param name="Shares">Kinds with targets, each as often as its weight among all.</param>
public sealed record FaultMix(IReadOnlyList<FaultShare> Shares)
{
    /// <summary>No faults at all.</summary>
    public static readonly FaultMix None = new([]);

    /// <summary>Shortest time from the beginning of one fault to that of the next.</summary>
    public TimeSpan GapMin { get; init; } = TimeSpan.FromSeconds(0.6);

    public TimeSpan GapMax { get; init; } = TimeSpan.FromSeconds(2);

    public TimeSpan LengthMin { get; init; } = TimeSpan.FromSeconds(0.5);

    public TimeSpan LengthMax { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Most faults at one time.</summary>
    public int AtOnce { get; init; } = 2;

    /// <summary>After all faults that are open, before the next one: what a fault leaves behind is over, and what is promised then can be judged. Zero: none waits for another.</summary>
    public TimeSpan Rest { get; init; }

    /// <summary>Before the first fault: the clients are at work, and every shard has a leader. More than a second is half of a short run at most.</summary>
    public TimeSpan Calm { get; init; } = TimeSpan.FromSeconds(1);
}
