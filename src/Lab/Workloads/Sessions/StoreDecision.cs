namespace Cluster.Lab.Workloads.Sessions;

/// <summary>What a transaction does, decided from what it read.</summary>
/// <param name="Writes">All take effect at one instant, or none. Without any the transaction still commits, which shows that what it read stood at one instant.</param>
/// <param name="Output">What the operation answers once it is committed.</param>
public sealed record StoreDecision(IReadOnlyList<StoreWrite> Writes, string? Output = null)
{
    /// <summary>What was read forbids it: nothing is written, and the answer is a conflict.</summary>
    public static StoreDecision Refuse { get; } = new([]);

    public bool IsRefusal => ReferenceEquals(this, Refuse);
}
