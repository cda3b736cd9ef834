namespace Cluster.Modes.SharedEverything;

/// <summary>What a transaction does with the row that it has locked. Pure: the database only keeps what is decided here, and everybody else away meanwhile.</summary>
internal static class RowCore
{
    /// <param name="stands">What stands there; null: there is no row.</param>
    public static RowMove Decide(RowOrder order, string? stands) => order.Operation switch
    {
        RowOperation.CompareAndSet when !string.Equals(stands, order.Expected, StringComparison.Ordinal) => RowMove.Refuse,

        // There was no row to lock: whoever else saw none may be quicker.
        RowOperation.CompareAndSet when stands is null => RowMove.InsertIfNone,
        RowOperation.Delete => stands is null ? RowMove.Nothing : RowMove.Delete,
        _ => RowMove.Write,
    };
}
