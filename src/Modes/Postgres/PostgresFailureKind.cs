namespace Cluster.Modes.Postgres;

/// <summary>What a failed attempt says about the transaction and about the database.</summary>
internal enum PostgresFailureKind
{
    /// <summary>The server refused the statement: nothing has happened, and the same again is refused again.</summary>
    Refused,

    /// <summary>The server gave up waiting: nothing has happened, and the same may succeed later.</summary>
    Busy,

    /// <summary>The connection is gone, or never stood: what had been sent and was not answered may have happened.</summary>
    Lost,
}
