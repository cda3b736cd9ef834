using Cluster.Modes.Postgres;

namespace Cluster.Node.Options;

/// <content>What modes use outside the cluster.</content>
internal static partial class OptionTable
{
    private static IReadOnlyList<OptionSpec> Databases =>
    [
        new("--postgres", "CLUSTER_POSTGRES", "URL", "none", "The PostgreSQL of the mode shared-everything: postgres://USER:PASSWORD@HOST:PORT/DATABASE or an Npgsql connection string. With a password rather the variable or a file: a command line is for all to see.", Postgres),
        new("--postgres-file", "CLUSTER_POSTGRES_FILE", "FILE", "none", "File that holds what --postgres takes.", PostgresFile),
        new("--postgres-pool", "CLUSTER_POSTGRES_POOL", "N", "8", "Connections that this node takes of it for transactions, and two more for itself; all nodes together must stay under its max_connections.", (string v, ref NodeOptions o) =>
            Number(v, 1, PostgresOptions.PoolSizeMax, out var size) is { } wrong ? wrong : Set(ref o, o with { PostgresPool = size })),
    ];

    private static string? PostgresFile(string path, ref NodeOptions options) => ReadSecret(path, out var text) ?? Postgres(text, ref options);

    private static string? Postgres(string value, ref NodeOptions options) =>
        PostgresAddress.TryParse(value, out var address, out var wrong) ? Set(ref options, options with { Postgres = address }) : wrong;
}
