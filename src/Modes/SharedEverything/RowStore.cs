using Cluster.Modes.Storage;
using Npgsql;

namespace Cluster.Modes.SharedEverything;

/// <summary>
/// Rows in PostgreSQL: each call is one transaction on one connection, asynchronous from beginning to end. It keeps nothing itself and decides nothing (<see cref="RowCore"/> does); what fails is thrown, and
/// <see cref="Attempt"/> says whether the commit had been sent by then.
/// </summary>
/// <param name="locksRows">False breaks it on purpose: a row is read without its lock, and written blindly.</param>
internal sealed class RowStore(string node, bool locksRows)
{
    /// <summary>Longer than whoever sends a request again goes on: a node for its own patience, a client that names its requests for as long as it is told to count on.</summary>
    public static readonly TimeSpan RemembersRequests = TimeSpan.FromMinutes(10);

    /// <summary>As many of the largest character as a key can have.</summary>
    private const int LargestCharacters = StorageOperations.KeyBytesMax / 4;

    private static readonly string Largest = string.Concat(Enumerable.Repeat("\U0010FFFF", LargestCharacters));

    /// <summary>Makes the tables unless they are there. Any number of nodes may do so at once.</summary>
    /// <exception cref="NpgsqlException">The database does not answer.</exception>
    public static async Task PrepareAsync(NpgsqlDataSource source)
    {
        var connection = await source.OpenConnectionAsync().ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            using var encoding = new NpgsqlCommand(RowSql.Encoding, connection);
            if (await encoding.ExecuteScalarAsync().ConfigureAwait(false) is not "UTF8")
            {
                throw new NpgsqlException("its encoding is not UTF8, so it cannot hold every key and value: create a database with ENCODING 'UTF8'");
            }

            // Several statements in one message are one transaction, and the lock lasts as long as that.
            using var schema = new NpgsqlCommand(RowSql.Schema, connection);
            await schema.ExecuteNonQueryAsync().ConfigureAwait(false);
        }
    }

    public static async Task<StoredValue> ReadAsync(NpgsqlDataSource source, string key)
    {
        var command = Command(source, RowSql.ReadRow, key);
        await using (command.ConfigureAwait(false))
        {
            var row = await command.ExecuteReaderAsync().ConfigureAwait(false);
            await using (row.ConfigureAwait(false))
            {
                return await row.ReadAsync().ConfigureAwait(false) ? new StoredValue(key, row.GetString(0), Words(row.GetInt64(1))) : new StoredValue(key, null, null);
            }
        }
    }

    public static async Task<StoredKeys> ScanAsync(NpgsqlDataSource source, string prefix, string after, int limit)
    {
        var keys = new List<StoredValue>();
        var command = Command(source, RowSql.Scan, prefix, prefix + Largest, after, (long)limit + 1);
        await using (command.ConfigureAwait(false))
        {
            var row = await command.ExecuteReaderAsync().ConfigureAwait(false);
            await using (row.ConfigureAwait(false))
            {
                while (await row.ReadAsync().ConfigureAwait(false))
                {
                    keys.Add(new StoredValue(row.GetString(0), row.GetString(1), Words(row.GetInt64(2))));
                }
            }
        }

        return new StoredKeys(keys.Count > limit ? keys[..limit] : keys, keys.Count > limit);
    }

    /// <summary>One write, exactly once however often it is attempted: the request's id and the row change in one transaction.</summary>
    /// <exception cref="OperationCanceledException">It was given up before its commit.</exception>
    /// <exception cref="NpgsqlException">The server refused it, or the connection broke.</exception>
    public async Task<RowAnswer> WriteAsync(NpgsqlDataSource source, RowOrder order, Attempt attempt)
    {
        var connection = await source.OpenConnectionAsync().ConfigureAwait(false);
        await using (connection.ConfigureAwait(false)) // An open transaction is rolled back with it.
        {
            var (isNew, stands, version) = await BeginAsync(connection, order).ConfigureAwait(false);
            if (!isNew)
            {
                return await FindAsync(connection, order).ConfigureAwait(false);
            }

            var move = RowCore.Decide(order, stands);
            if (move == RowMove.Refuse)
            {
                return new RowAnswer(version, IsConflict: true, Replaced: false, WasDone: false);
            }

            if (move == RowMove.InsertIfNone)
            {
                var insert = Command(connection, RowSql.InsertRow, order.Key, order.Value!);
                await using (insert.ConfigureAwait(false))
                {
                    if (await insert.ExecuteScalarAsync().ConfigureAwait(false) is null)
                    {
                        return new RowAnswer(null, IsConflict: true, Replaced: false, WasDone: false); // Somebody was quicker.
                    }
                }
            }

            return await CommitAsync(connection, order, move, stands is not null, attempt).ConfigureAwait(false);
        }
    }

    /// <summary>The row of a key, who holds it, and how this node stands with the database.</summary>
    public async Task<KeyWhereabouts> FindRowAsync(NpgsqlDataSource source, string key, string database, int inUse, int size, int queue)
    {
        var batch = source.CreateBatch();
        await using (batch.ConfigureAwait(false))
        {
            batch.BatchCommands.Add(Part(RowSql.WhoHolds, key));
            batch.BatchCommands.Add(Part(RowSql.Backends, node));
            batch.BatchCommands.Add(Part(RowSql.WalPosition));
            var row = await batch.ExecuteReaderAsync().ConfigureAwait(false);
            await using (row.ConfigureAwait(false))
            {
                string? version = null, holder = null;
                int[] waiting = [];
                if (await row.ReadAsync().ConfigureAwait(false))
                {
                    version = Words(row.GetInt64(0));
                    holder = await row.IsDBNullAsync(1).ConfigureAwait(false) ? null : $"{(await row.IsDBNullAsync(2).ConfigureAwait(false) ? "somebody" : row.GetString(2))}, backend {Words(row.GetInt32(1))}";
                    waiting = (int[])row.GetValue(3);
                }

                var backends = new List<int>();
                await row.NextResultAsync().ConfigureAwait(false);
                while (await row.ReadAsync().ConfigureAwait(false))
                {
                    backends.Add(row.GetInt32(0));
                }

                await row.NextResultAsync().ConfigureAwait(false);
                await row.ReadAsync().ConfigureAwait(false);
                return new KeyWhereabouts(key, null, [new ReplicaWhereabouts("database", version, version is null ? "missing" : holder is null ? "current" : "locked")])
                {
                    Place = $"a row of cluster_values on {database}",
                    Row = new RowWhereabouts(database, holder, waiting, backends, inUse, size, queue, row.GetString(0)),
                };
            }
        }
    }

    /// <summary>Deletes ids of requests that nobody will send again.</summary>
    /// <param name="firstOpen">This node's smallest number that may still be sent again.</param>
    public static async Task PruneAsync(NpgsqlDataSource source, string session, long firstOpen)
    {
        var batch = source.CreateBatch();
        await using (batch.ConfigureAwait(false))
        {
            batch.BatchCommands.Add(Part(RowSql.PruneOwn, session, firstOpen));
            batch.BatchCommands.Add(Part(RowSql.PruneOld, RemembersRequests));
            await batch.ExecuteNonQueryAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Claims the request's id and locks the row, in one round trip.</summary>
    private async Task<(bool IsNew, string? Stands, long? Version)> BeginAsync(NpgsqlConnection connection, RowOrder order)
    {
        var batch = new NpgsqlBatch(connection);
        await using (batch.ConfigureAwait(false))
        {
            batch.BatchCommands.Add(Part(RowSql.Begin));
            batch.BatchCommands.Add(Part(RowSql.Claim, order.Session, order.Number, order.Key, RowCore.Asked(order)));
            batch.BatchCommands.Add(Part(locksRows ? RowSql.LockRow : RowSql.ReadRow, order.Key));
            var row = await batch.ExecuteReaderAsync().ConfigureAwait(false);
            await using (row.ConfigureAwait(false))
            {
                var isNew = await row.ReadAsync().ConfigureAwait(false);
                await row.NextResultAsync().ConfigureAwait(false);
                return await row.ReadAsync().ConfigureAwait(false) ? (isNew, row.GetString(0), row.GetInt64(1)) : (isNew, null, null);
            }
        }
    }

    /// <summary>What an earlier attempt of the same request came to: it was committed, and its answer lost.</summary>
    /// <exception cref="RequestReusedException">It was another request.</exception>
    private static async Task<RowAnswer> FindAsync(NpgsqlConnection connection, RowOrder order)
    {
        var find = Command(connection, RowSql.FindClaimed, order.Session, order.Number);
        await using (find.ConfigureAwait(false))
        {
            var row = await find.ExecuteReaderAsync().ConfigureAwait(false);
            await using (row.ConfigureAwait(false))
            {
                await row.ReadAsync().ConfigureAwait(false);
                var isOther = row.GetString(0) != order.Key || (!await row.IsDBNullAsync(3).ConfigureAwait(false) && row.GetString(3) != RowCore.Asked(order));
                return isOther
                    ? throw new RequestReusedException(order.Session, row.GetString(0))
                    : new RowAnswer(await row.IsDBNullAsync(1).ConfigureAwait(false) ? null : row.GetInt64(1), IsConflict: false, row.GetBoolean(2), WasDone: true);
            }
        }
    }

    /// <summary>Writes the row, keeps the answer with the request's id, and commits, in one round trip: from its sending on it may have taken effect.</summary>
    private static async Task<RowAnswer> CommitAsync(NpgsqlConnection connection, RowOrder order, RowMove move, bool replaced, Attempt attempt)
    {
        var batch = new NpgsqlBatch(connection);
        await using (batch.ConfigureAwait(false))
        {
            if (move == RowMove.Write)
            {
                batch.BatchCommands.Add(Part(RowSql.WriteRow, order.Key, order.Value!));
            }
            else if (move == RowMove.Delete)
            {
                batch.BatchCommands.Add(Part(RowSql.DeleteRow, order.Key));
            }

            batch.BatchCommands.Add(Part(RowSql.KeepAnswer + " RETURNING version", order.Session, order.Number, order.Key, replaced));
            batch.BatchCommands.Add(Part(RowSql.Commit));
            if (!attempt.TryCommit())
            {
                throw new OperationCanceledException("given up before the commit");
            }

            var row = await batch.ExecuteReaderAsync().ConfigureAwait(false);
            await using (row.ConfigureAwait(false))
            {
                if (move == RowMove.Write)
                {
                    await row.NextResultAsync().ConfigureAwait(false);
                }

                await row.ReadAsync().ConfigureAwait(false);
                long? version = await row.IsDBNullAsync(0).ConfigureAwait(false) ? null : row.GetInt64(0);
                await row.NextResultAsync().ConfigureAwait(false); // Reads on to the commit's own answer, or throws what kept it from that.
                return new RowAnswer(version, IsConflict: false, replaced, WasDone: false);
            }
        }
    }

    private static NpgsqlBatchCommand Part(string sql, params ReadOnlySpan<object> values)
    {
        var part = new NpgsqlBatchCommand(sql);
        foreach (var value in values)
        {
            part.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        return part;
    }

    private static NpgsqlCommand Command(NpgsqlDataSource source, string sql, params ReadOnlySpan<object> values) => Filled(source.CreateCommand(sql), values);

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, params ReadOnlySpan<object> values) => Filled(new NpgsqlCommand(sql, connection), values);

    private static NpgsqlCommand Filled(NpgsqlCommand command, ReadOnlySpan<object> values)
    {
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        return command;
    }

    private static string Words(long number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
