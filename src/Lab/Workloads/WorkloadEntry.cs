using Cluster.Lab.Workloads.Generators;
using Cluster.Lab.Workloads.Recipes;
using Cluster.Shared.Wire;

namespace Cluster.Lab.Workloads;

/// <summary>A workload as the catalogue names it: what clients do, how it is done on a node's store or modes, and who judges it.</summary>
/// <param name="Claim">What clients do, in one line.</param>
/// <param name="Checkers">Names in the checkers' catalogue of what must hold.</param>
/// <param name="StaleCheckers">Of what must hold though reads may be stale; empty where nothing that is judged would be left.</param>
public sealed record WorkloadEntry(string Name, string Claim, IReadOnlyList<string> Checkers, IReadOnlyList<string> StaleCheckers)
{
    /// <summary>The mode that its clients ask; null where they use the key-value store.</summary>
    public string? Mode { get; init; }

    /// <summary>Whether it is judged by how long things take too: then nothing else may keep the cluster busy beside it.</summary>
    public bool JudgesTime { get; init; }

    /// <summary>Whether it is about clusters side by side: on one alone there is nothing to judge.</summary>
    public bool NeedsClusters { get; init; }

    /// <summary>Makes the choices of the client of this number, from 0.</summary>
    public required Func<WorkloadOptions, int, IGenerator> Generator { get; init; }

    public required Func<WorkloadOptions, IRecipe> Recipe { get; init; }

    /// <summary>How a key is read after the run; null where nothing is to be learned from it.</summary>
    public required Func<string, ClosingStep?> Closing { get; init; }

    /// <summary>Who judges a run whose reads are of this consistency; empty where nobody can.</summary>
    public IReadOnlyList<string> CheckersOf(ReadConsistency consistency) => consistency == ReadConsistency.Stale ? StaleCheckers : Checkers;
}
