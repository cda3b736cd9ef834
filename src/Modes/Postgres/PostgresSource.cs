using System.Globalization;
using Npgsql;

namespace Cluster.Modes.Postgres;

/// <summary>
/// A node's connections to one PostgreSQL. The driver's own timeouts of commands are off: it would ask the server to cancel, and wait for that on a thread of the pool, which a stopped database never answers.
/// Whoever uses a connection counts the time, and gives it up; <see cref="Renew"/> then begins a new set of connections, and what hangs on the old ones ends by itself.
/// </summary>
internal sealed class PostgresSource : IDisposable
{
    private readonly string connection;

    /// <param name="name">What the server shows in pg_stat_activity: the node.</param>
    /// <param name="isSynced">Whether a commit is answered only when it is on the server's disk.</param>
    public PostgresSource(PostgresAddress address, PostgresOptions options, string name, bool isSynced)
    {
        var builder = address.NewBuilder();
        builder.ApplicationName = name;
        builder.Pooling = true;
        builder.MinPoolSize = 0;
        builder.MaxPoolSize = options.PoolSize + PostgresOptions.OwnConnections;
        builder.Timeout = Math.Max(1, (int)options.ConnectTimeout.TotalSeconds);
        builder.CommandTimeout = 0;
        builder.NoResetOnClose = true; // Nothing is ever set on a connection that the next user could inherit.
        builder.MaxAutoPrepare = 20;
        builder.AutoPrepareMinUsages = 2;
        builder.TcpKeepAlive = true;
        builder.TcpKeepAliveTime = 5;
        builder.TcpKeepAliveInterval = 1;
        builder.IncludeErrorDetail = false; // Details repeat values, which are the clients' and not the log's.
        builder.Options = string.Create(
            CultureInfo.InvariantCulture,
            $"-c statement_timeout={options.StatementTimeout.TotalMilliseconds:0} -c lock_timeout={options.LockTimeout.TotalMilliseconds:0} -c idle_in_transaction_session_timeout={options.IdleInTransactionTimeout.TotalMilliseconds:0} -c default_transaction_isolation=read\\ committed -c synchronous_commit={(isSynced ? "on" : "off")} {builder.Options}");
        connection = builder.ConnectionString;
        Current = NpgsqlDataSource.Create(connection);
    }

    /// <summary>Where new connections come from.</summary>
    public NpgsqlDataSource Current { get; private set; }

    /// <summary>Closes connections that nobody uses, those in use when they are given back, and begins anew.</summary>
    public void Renew()
    {
        Current.Dispose();
        Current = NpgsqlDataSource.Create(connection);
    }

    public void Dispose() => Current.Dispose();
}
