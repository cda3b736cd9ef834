namespace Cluster.Modes.SharedEverything;

/// <summary>What a transaction does with its row.</summary>
internal enum RowMove
{
    /// <summary>Another value stands there: the transaction ends without effect.</summary>
    Refuse,

    /// <summary>Only the request's id is kept.</summary>
    Nothing,

    /// <summary>Whatever stands there.</summary>
    Write,

    /// <summary>Only if there is still no row.</summary>
    InsertIfNone,

    Delete,
}
