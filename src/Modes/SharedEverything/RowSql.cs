namespace Cluster.Modes.SharedEverything;

/// <summary>Every statement of the mode. All of it is plain PostgreSQL; one may look at the tables with psql.</summary>
internal static class RowSql
{
    /// <summary>Held by the one node that makes the tables: CREATE IF NOT EXISTS of two sessions at once can still fail with a duplicate in the catalogue.</summary>
    private const long SchemaLock = 0x636C_7573_7465_7231;

    /// <summary>
    /// Versions come from one sequence for all rows, drawn while the row is locked: they rise with each write of a key, and are never used again, also where the row was deleted in between. Keys sort by their
    /// bytes (collation C), whatever the language of the server. A table of before requests were told apart gets its column, and only then: to alter a table waits for everybody who uses it.
    /// </summary>
    public static readonly string Schema = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"""
        SELECT pg_advisory_xact_lock({SchemaLock});
        CREATE TABLE IF NOT EXISTS cluster_values (key text COLLATE "C" PRIMARY KEY, value text NOT NULL, version bigint NOT NULL);
        CREATE SEQUENCE IF NOT EXISTS cluster_versions;
        CREATE TABLE IF NOT EXISTS cluster_requests (
            session text NOT NULL, number bigint NOT NULL, key text NOT NULL, version bigint, replaced boolean NOT NULL DEFAULT false, made_at timestamptz NOT NULL DEFAULT now(), asked text, PRIMARY KEY (session, number));
        DO $$ BEGIN
            IF NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'cluster_requests'::regclass AND attname = 'asked') THEN
                ALTER TABLE cluster_requests ADD COLUMN asked text;
            END IF;
        END $$;
        CREATE INDEX IF NOT EXISTS cluster_requests_made_at ON cluster_requests (made_at);
        """);

    public const string Encoding = "SHOW server_encoding";

    public const string Begin = "BEGIN ISOLATION LEVEL READ COMMITTED";

    public const string Commit = "COMMIT";

    /// <summary>
    /// A row of this id that is committed leaves no row here; one whose transaction is still under way is waited for. So whoever gets a row knows that no earlier attempt of this request has been committed, or ever will be.
    /// </summary>
    public const string Claim = "INSERT INTO cluster_requests (session, number, key, asked) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING RETURNING number";

    public const string FindClaimed = "SELECT key, version, replaced, asked FROM cluster_requests WHERE session = $1 AND number = $2";

    /// <summary>Waits for whoever has the row, and then sees what that one left: under READ COMMITTED the newest committed version, not that of the statement's begin.</summary>
    public const string LockRow = "SELECT value, version FROM cluster_values WHERE key = $1 FOR UPDATE";

    public const string ReadRow = "SELECT value, version FROM cluster_values WHERE key = $1";

    public const string WriteRow = "INSERT INTO cluster_values AS v (key, value, version) VALUES ($1, $2, nextval('cluster_versions')) ON CONFLICT (key) DO UPDATE SET value = excluded.value, version = nextval('cluster_versions') RETURNING version";

    public const string InsertRow = "INSERT INTO cluster_values (key, value, version) VALUES ($1, $2, nextval('cluster_versions')) ON CONFLICT (key) DO NOTHING RETURNING version";

    public const string DeleteRow = "DELETE FROM cluster_values WHERE key = $1";

    public const string KeepAnswer = "UPDATE cluster_requests SET version = (SELECT version FROM cluster_values WHERE key = $3), replaced = $4 WHERE session = $1 AND number = $2";

    /// <summary>Up to the largest text that can begin with the prefix, so that the index bounds the scan at both ends.</summary>
    public const string Scan = "SELECT key, value, version FROM cluster_values WHERE key >= $1 AND key <= $2 AND key > $3 AND starts_with(key, $1) ORDER BY key LIMIT $4";

    /// <summary>What this node was asked before its first open request is answered, and is not sent again.</summary>
    public const string PruneOwn = "DELETE FROM cluster_requests WHERE session = $1 AND number < $2";

    /// <summary>By the database's clock, which all nodes share.</summary>
    public const string PruneOld = "DELETE FROM cluster_requests WHERE made_at < now() - $1";

    /// <summary>Who locks a row has left its transaction's number in it, and holds the lock of that number: pg_locks knows row locks only where somebody waits.</summary>
    public const string WhoHolds = """
        SELECT v.version, held.pid, holder.application_name,
               ARRAY(SELECT waits.pid FROM pg_locks waits WHERE waits.locktype = 'transactionid' AND waits.transactionid = v.xmax AND NOT waits.granted)
        FROM cluster_values v
        LEFT JOIN pg_locks held ON held.locktype = 'transactionid' AND held.transactionid = v.xmax AND held.granted
        LEFT JOIN pg_stat_activity holder ON holder.pid = held.pid
        WHERE v.key = $1
        """;

    public const string Backends = "SELECT pid FROM pg_stat_activity WHERE application_name = $1 AND backend_type = 'client backend' ORDER BY pid";

    public const string WalPosition = "SELECT pg_current_wal_lsn()::text";
}
