namespace Cluster.Modes.Postgres;

/// <summary>Bounds of what one node does with a PostgreSQL. Each is there so that a database that is slow, stopped or gone costs the node nothing but that mode's answers.</summary>
public sealed record PostgresOptions
{
    /// <summary>Most that a node may be told to take: a quarter of the hundred that a PostgreSQL grants out of the box.</summary>
    public const int PoolSizeMax = 64;

    /// <summary>
    /// Transactions at once, each on a connection of its own. A PostgreSQL grants a hundred connections out of the box, three of them to its superuser: nine nodes with ten each (these and two for the
    /// node's own questions) fit. More would not be quicker: what is under way beyond the database's processors and disk waits there instead of here.
    /// </summary>
    public int PoolSize { get; init; } = 8;

    /// <summary>Connections besides the pool's: one that finds out whether the database is there, one that tidies up.</summary>
    public const int OwnConnections = 2;

    /// <summary>Requests that wait for a connection; one more is refused. At a hundred transactions a second and connection, whoever is last waits about a second.</summary>
    public int QueueMax { get; init; } = 1_000;

    /// <summary>The server gives up waiting for a row's lock after this: the one who holds it is stuck, not slow.</summary>
    public TimeSpan LockTimeout { get; init; } = TimeSpan.FromMilliseconds(800);

    /// <summary>The server ends a statement after this. Longer than the wait for a lock, so that this is what is told.</summary>
    public TimeSpan StatementTimeout { get; init; } = TimeSpan.FromMilliseconds(1_200);

    /// <summary>The server ends a session that sits in a transaction for so long: a node that is stopped there would keep everybody from its row.</summary>
    public TimeSpan IdleInTransactionTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The node gives an attempt up after this, whatever the server does. Longer than the server's own bounds: a database that works says itself what is wrong.</summary>
    public TimeSpan AttemptTimeout { get; init; } = TimeSpan.FromSeconds(1.5);

    /// <summary>Until a new connection stands, with its password checked. In whole seconds, as the driver counts them.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>After the first failure to connect; doubled after each, up to <see cref="BackoffMax"/>.</summary>
    public TimeSpan BackoffMin { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Short enough that a database that is back is found before clients have given up; an attempt costs the machine of the database a few packets.</summary>
    public TimeSpan BackoffMax { get; init; } = TimeSpan.FromMilliseconds(400);

    /// <summary>
    /// Attempts that were given up and still hang in the kernel, over all outages: they end when the database goes on, or when TCP has given up too (a quarter of an hour on a network that swallows everything).
    /// With more, nothing new is begun.
    /// </summary>
    public int AbandonedMax { get; init; } = 64;
}
