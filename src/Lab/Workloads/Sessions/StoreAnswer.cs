using Cluster.Lab.Histories;

namespace Cluster.Lab.Workloads.Sessions;

/// <summary>What may be concluded from a store's answer, or from its silence.</summary>
/// <param name="Outcome">Fail only where it certainly had no effect; no answer to what may have been carried out is Info.</param>
/// <param name="Output">What came back, as the history tells it; null where nothing did, and for an absent value.</param>
/// <param name="IsConflict">
/// With Fail: the store served it, and what stood there forbade it (another value than expected, a key that changed under a transaction, a decision to
/// refuse). An answer to the client, though nothing took effect.
/// </param>
public readonly record struct StoreAnswer(Outcome Outcome, string? Output = null, bool IsConflict = false)
{
    /// <summary>It took effect.</summary>
    public static StoreAnswer Ok(string? output = null) => new(Outcome.Ok, output);

    /// <summary>It was not served, and had no effect.</summary>
    public static StoreAnswer Fail { get; } = new(Outcome.Fail);

    /// <summary>What stood there forbade it; it had no effect.</summary>
    public static StoreAnswer Conflict { get; } = new(Outcome.Fail, IsConflict: true);

    /// <summary>It may take effect at any time, or never.</summary>
    public static StoreAnswer Info { get; } = new(Outcome.Info);
}
