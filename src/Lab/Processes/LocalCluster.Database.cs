using Cluster.Lab.Databases;
using Cluster.Lab.Targets;
using Cluster.Shared.Files;

namespace Cluster.Lab.Processes;

/// <content>A PostgreSQL beside the nodes: the lab's own, which it starts, breaks and stops, or one that somebody else runs.</content>
public sealed partial class LocalCluster
{
    /// <summary>In place of a URL: the lab starts one of its own.</summary>
    public const string StartPostgres = "start";

    public override IClusterDatabase? Database => file.Postgres is { Pid: > 0, Data: not null } ? new LocalDatabase(this) : null;

    /// <summary>Where the nodes' database is, without the password; null: they have none.</summary>
    public string? DatabaseUrl => file.Postgres?.Url;

    private static ClusterFileDatabase StartDatabase(LaunchPlan plan, LabDirectory directory, string postgres)
    {
        if (postgres != StartPostgres)
        {
            directory.WritePostgresUrl(postgres);
            return new ClusterFileDatabase(0, Databases.DatabaseUrl.WithoutPassword(postgres), null);
        }

        var binaries = PostgresBinaries.Require();
        var folder = PostgresUser.FolderFor(directory.Path);
        var password = directory.PostgresPassword(System.IO.Directory.Exists(folder));
        PostgresServer.Init(binaries, folder, password);
        directory.WritePostgresUrl(PostgresServer.Url(plan.PostgresPort, password));
        var server = PostgresServer.Start(binaries, folder, plan.PostgresPort, directory.PostgresLogPath);
        return new ClusterFileDatabase(server.Pid, PostgresServer.Url(plan.PostgresPort, null), folder);
    }

    private async Task StopDatabaseAsync(CancellationToken cancellation)
    {
        if (file.Postgres is { Pid: > 0, Data: { } folder } database)
        {
            await new PostgresServer(database.Pid, folder).StopAsync(Time, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>The database that stands in cluster.json, whose process changes with each start.</summary>
    private sealed class LocalDatabase(LocalCluster cluster) : IClusterDatabase
    {
        public string Description => $"process {Server.Pid}";

        public ProcessState State => Server.State;

        public bool IsReady => Server.IsReady;

        private PostgresServer Server => new(cluster.file.Postgres!.Pid, cluster.file.Postgres!.Data!);

        public Task<bool> KillAsync(CancellationToken cancellation) => Server.KillAsync(cluster.Time, cancellation);

        public bool Pause() => Server.Pause();

        public bool Resume() => Server.Resume();

        public async Task StartAsync(CancellationToken cancellation)
        {
            if (State != ProcessState.Dead)
            {
                throw new LabException($"the database runs already ({Description})");
            }

            using var change = await cluster.Directory.LockAsync(cluster.Time, cancellation).ConfigureAwait(false);
            cluster.file = cluster.Directory.ReadCluster();
            var started = PostgresServer.Start(PostgresBinaries.Require(), Server.Folder, cluster.plan.PostgresPort, cluster.Directory.PostgresLogPath);
            cluster.file = cluster.file with { Postgres = cluster.file.Postgres! with { Pid = started.Pid } };
            cluster.Directory.WriteCluster(cluster.file);
        }

        public IReadOnlyList<string> LastLogLines(int count) => File.Exists(cluster.Directory.PostgresLogPath) ? [.. File.ReadLines(cluster.Directory.PostgresLogPath).TakeLast(count)] : [];
    }
}
