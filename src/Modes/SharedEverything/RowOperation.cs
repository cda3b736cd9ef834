namespace Cluster.Modes.SharedEverything;

/// <summary>What is done to a row in a transaction.</summary>
internal enum RowOperation
{
    Put,
    Delete,
    CompareAndSet,
}
