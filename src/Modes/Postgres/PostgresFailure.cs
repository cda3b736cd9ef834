using System.Net.Sockets;
using Npgsql;

namespace Cluster.Modes.Postgres;

/// <summary>Why an attempt failed: what the server said, or that the connection is gone.</summary>
/// <param name="Kind">What may be concluded from it.</param>
/// <param name="Why">In words, without values of clients.</param>
internal sealed record PostgresFailure(PostgresFailureKind Kind, string Why)
{
    /// <summary>What a caught exception means; null where it is none of a database.</summary>
    public static PostgresFailure? Of(Exception exception) => exception switch
    {
        PostgresException said => OfServer(said),
        NpgsqlException lost => new(PostgresFailureKind.Lost, Innermost(lost)),
        SocketException or IOException or TimeoutException or ObjectDisposedException => new(PostgresFailureKind.Lost, Innermost(exception)),
        _ => null,
    };

    /// <summary>
    /// An error ends the transaction it was told in, so it certainly had no effect; unless the server ended the whole session with it, which may have been a moment after the commit.
    /// </summary>
    private static PostgresFailure OfServer(PostgresException said) => said switch
    {
        { SqlState: PostgresErrorCodes.LockNotAvailable } => new(PostgresFailureKind.Busy, "another transaction has held the row's lock for too long"),
        { SqlState: PostgresErrorCodes.QueryCanceled } => new(PostgresFailureKind.Busy, "the statement took longer than the server allows"),
        { SqlState: PostgresErrorCodes.TooManyConnections } => new(PostgresFailureKind.Lost, "it has no connection left: lower --postgres-pool, or raise its max_connections"),
        { SqlState: PostgresErrorCodes.CannotConnectNow } => new(PostgresFailureKind.Lost, said.MessageText),
        _ when said.InvariantSeverity is "FATAL" or "PANIC" => new(PostgresFailureKind.Lost, said.MessageText),
        _ => new(PostgresFailureKind.Refused, $"{said.MessageText} (SQLSTATE {said.SqlState})"),
    };

    private static string Innermost(Exception exception)
    {
        while (exception.InnerException is { } inner)
        {
            exception = inner;
        }

        return exception is EndOfStreamException ? "the connection was closed" : exception.Message.TrimEnd('.');
    }
}
