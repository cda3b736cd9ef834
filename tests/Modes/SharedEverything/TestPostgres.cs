using System.Net;
using System.Net.Sockets;
using Cluster.Lab.Databases;
using Cluster.Modes.Postgres;
using Npgsql;

namespace Cluster.Modes.Tests.SharedEverything;

/// <summary>A real PostgreSQL in a directory of its own, for the tests of one class; where none is installed they are skipped, and say so.</summary>
public sealed class TestPostgres : IAsyncLifetime
{
    private const string Password = "for-a-test-only";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly string folder = Path.Combine(Path.GetTempPath(), $"cluster-test-postgres-{Environment.ProcessId}-{Guid.NewGuid():n}");
    private int port;
    private int databases;
    private PostgresServer? server;

    internal static PostgresOptions Options { get; } = new();

    public async ValueTask InitializeAsync()
    {
        if (PostgresBinaries.Find() is { } binaries)
        {
            using (var listener = new TcpListener(IPAddress.Loopback, 0))
            {
                listener.Start();
                port = ((IPEndPoint)listener.LocalEndpoint).Port;
            }

            PostgresServer.Init(binaries, folder, Password);
            await StartAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (server is not null)
        {
            await server.StopAsync(TimeProvider.System, CancellationToken.None);
            Directory.Delete(folder, recursive: true);
            File.Delete(Log);
        }
    }

    /// <summary>The running server; the test is skipped where there is none.</summary>
    internal PostgresServer Server()
    {
        Assert.SkipWhen(server is null, "no PostgreSQL is installed here: initdb is neither in PATH nor under /usr/lib/postgresql");
        return server;
    }

    internal async Task StartAsync()
    {
        server = PostgresServer.Start(PostgresBinaries.Require(), folder, port, Log);
        for (var start = TimeProvider.System.GetTimestamp(); !server.IsReady;)
        {
            if (TimeProvider.System.GetElapsedTime(start) > Patience)
            {
                Assert.Fail($"PostgreSQL is not ready: {await File.ReadAllTextAsync(Log, TestContext.Current.CancellationToken)}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    internal Task<bool> KillAsync() => Server().KillAsync(TimeProvider.System, TestContext.Current.CancellationToken);

    /// <summary>Connections as a node has them, to a database that nobody else uses.</summary>
    internal async Task<PostgresSource> NewDatabaseAsync()
    {
        Server();
        var name = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"test{++databases}");
        await using var source = NpgsqlDataSource.Create(Url("postgres"));
        await using var command = source.CreateCommand($"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'");
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        return Connect(name, "n1");
    }

    internal PostgresSource Connect(string database, string node)
    {
        Assert.True(PostgresAddress.TryParse(Url(database), out var address, out _));
        return new PostgresSource(address, Options, node, isSynced: true);
    }

    internal string LastDatabase => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"test{databases}");

    private string Log => folder + ".log";

    private string Url(string database) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={port};Username={PostgresServer.User};Password={Password};Database={database}");
}
