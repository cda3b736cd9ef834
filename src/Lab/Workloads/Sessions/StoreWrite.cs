namespace Cluster.Lab.Workloads.Sessions;

/// <summary>One write of a transaction.</summary>
/// <param name="Value">Null deletes the key.</param>
/// <param name="Life">After it, on the store's clock, the key is gone; null: it stays. Whole milliseconds.</param>
public readonly record struct StoreWrite(string Key, string? Value, TimeSpan? Life = null);
