namespace Cluster.Shared.Scenarios;

/// <summary>What the console asks of the simulator program, as JSON in its one argument.</summary>
/// <param name="Slugs">Modes to simulate: every one of them with a single seed; of several seeds, each belongs to one of them in turn.</param>
/// <param name="FirstSeed">The seeds are this one and those after it.</param>
public sealed record SimulationOrder(IReadOnlyList<string> Slugs, int FirstSeed)
{
    /// <summary>How many seeds.</summary>
    public int Seeds { get; init; } = 1;

    /// <summary>How long clients work under faults, in seconds of virtual time; null: as long as each mode's scenario says.</summary>
    public double? Seconds { get; init; }

    /// <summary>The broken variant; null for the mode as it is meant.</summary>
    public string? Bug { get; init; }

    /// <summary>Nodes of the cluster; null: as the scenario has it, and every other seed two more unless that is fixed.</summary>
    public int? Nodes { get; init; }

    /// <summary>A schedule that stands in this file, instead of one that the seed makes.</summary>
    public string? FaultsFile { get; init; }

    /// <summary>Where the run's files go; null for nowhere.</summary>
    public string? Out { get; init; }

    /// <summary>Whether a failure's schedule is to be made as short as it still fails.</summary>
    public bool Minimise { get; init; }

    /// <summary>Runs at one time, each in a thread of its own.</summary>
    public int Workers { get; init; } = 1;

    /// <summary>Whether a progress line is wanted.</summary>
    public bool ShowsProgress { get; init; }
}
