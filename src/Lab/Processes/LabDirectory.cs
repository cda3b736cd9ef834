using System.Security.Cryptography;
using System.Text.Json;
using Cluster.Lab.Certificates;
using Cluster.Lab.Http;
using Cluster.Shared.Files;

namespace Cluster.Lab.Processes;

/// <summary>
/// The directory of one local cluster (<c>.lab</c>): cluster.json, launch.json, admin.token, and for each node its data and its log. Files are
/// written aside and renamed, so a reader never sees half of one.
/// </summary>
public sealed class LabDirectory(string path)
{
    internal const string TokenFileName = "admin.token";

    /// <summary>Where the nodes read how to reach their database: it holds a password, so only its owner may read it.</summary>
    internal const string PostgresUrlName = "postgres.url";

    private const string PostgresPasswordName = "postgres.password";

    private const string CertificatesName = "certs";

    /// <summary>A console holds the lock while it starts one process and writes one file.</summary>
    private static readonly TimeSpan LockPatience = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan LockRetryPause = TimeSpan.FromMilliseconds(20);

    public string Path { get; } = System.IO.Path.GetFullPath(path);

    public string ClusterFilePath => In("cluster.json");

    public string HistoryPath => In("history.jsonl");

    public string ReportPath => In("report.html");

    public string PostgresLogPath => In("postgres.log");

    private string PlanPath => In("launch.json");

    private string LockPath => In("cluster.lock");

    public bool HasCluster => File.Exists(ClusterFilePath);

    /// <summary>What a cluster with TLS is secured by; made when it is started, deleted with its data.</summary>
    public LabCertificates Certificates => CertificatesOf(Path);

    public string DataOf(string node) => In(node);

    /// <summary>Whether the node has, or may have, what makes it the member that it was: without it, it starts as a new one.</summary>
    public bool HasData(string node) => Directory.Exists(DataOf(node));

    public string LogOf(string node) => In(node + ".log");

    /// <exception cref="LabException">No cluster was started in this directory.</exception>
    public ClusterFile ReadCluster() => HasCluster
        ? Read(ClusterFilePath, WireJson.Default.ClusterFile)
        : throw new LabException($"no cluster in {Path}: start one with 'lab up', or name another directory with --dir");

    public void WriteCluster(ClusterFile cluster) => Write(ClusterFilePath, JsonSerializer.SerializeToUtf8Bytes(cluster, WireJson.Default.ClusterFile));

    /// <summary>Whoever reads cluster.json to write it changed holds this until then, so that two consoles do not undo each other's changes.</summary>
    /// <exception cref="LabException">Another console has held it for too long.</exception>
    public async Task<IDisposable> LockAsync(TimeProvider time, CancellationToken cancellation)
    {
        var start = time.GetTimestamp();
        while (true)
        {
            try
            {
                // Exclusive among processes, and let go by the operating system however this process ends.
                return new FileStream(LockPath, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (time.GetElapsedTime(start) < LockPatience && HasCluster)
            {
                await Task.Delay(LockRetryPause, time, cancellation).ConfigureAwait(false);
            }
            catch (IOException e)
            {
                throw new LabException($"another console is changing the cluster in {Path} and does not come to an end ({LockPath}: {e.Message})", e);
            }
        }
    }

    public LaunchPlan ReadPlan() => Read(PlanPath, WireJson.Default.LaunchPlan);

    public void WritePlan(LaunchPlan plan) => Write(PlanPath, JsonSerializer.SerializeToUtf8Bytes(plan, WireJson.Default.LaunchPlan));

    public string? ReadToken() => File.Exists(In(TokenFileName)) ? File.ReadAllText(In(TokenFileName)).Trim() : null;

    /// <summary>A new random token: it allows to break things.</summary>
    public void WriteToken() => WriteSecret(TokenFileName, NewSecret());

    public void WritePostgresUrl(string url) => WriteSecret(PostgresUrlName, url);

    /// <summary>The password of the database whose data stands here, or a new one.</summary>
    /// <param name="hasData">Whether there is a database that was made with it.</param>
    public string PostgresPassword(bool hasData)
    {
        if (hasData && File.Exists(In(PostgresPasswordName)))
        {
            return File.ReadAllText(In(PostgresPasswordName)).Trim();
        }

        var password = NewSecret();
        WriteSecret(PostgresPasswordName, password);
        return password;
    }

    private static string NewSecret() => RandomNumberGenerator.GetHexString(48, lowercase: true);

    /// <summary>A file that only its owner may read.</summary>
    private void WriteSecret(string name, string secret)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        File.Delete(In(name));
        using var file = new StreamWriter(In(name), options);
        file.WriteLine(secret);
    }

    /// <summary>The last lines of a node's log: what it said before it died.</summary>
    public IReadOnlyList<string> LastLogLines(string node, int count) => File.Exists(LogOf(node)) ? [.. File.ReadLines(LogOf(node)).TakeLast(count)] : [];

    /// <summary>Deletes what <c>lab up</c> and its nodes wrote, and the directory if nothing else is in it.</summary>
    /// <param name="database">Data directory of a database of the lab's own.</param>
    public void Delete(IReadOnlyList<string> nodes, string? database = null)
    {
        DeleteData(nodes);
        DeleteDatabase(database);
        foreach (var node in nodes)
        {
            File.Delete(LogOf(node));
        }

        Forget();
        if (Directory.Exists(In(CertificatesName)))
        {
            Directory.Delete(In(CertificatesName), recursive: true);
        }

        if (!Directory.EnumerateFileSystemEntries(Path).Any())
        {
            Directory.Delete(Path);
        }
    }

    public void DeleteData(IReadOnlyList<string> nodes)
    {
        foreach (var node in nodes)
        {
            if (Directory.Exists(DataOf(node)))
            {
                Directory.Delete(DataOf(node), recursive: true);
            }
        }
    }

    /// <summary>Deletes a database of the lab's own with its password and its log.</summary>
    public void DeleteDatabase(string? folder)
    {
        if (folder is not null && Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        File.Delete(In(PostgresPasswordName));
        File.Delete(PostgresLogPath);
    }

    /// <summary>Deletes data and logs that nodes left in a directory without a cluster.</summary>
    public void Clear(IReadOnlyList<string> nodes)
    {
        DeleteData(nodes);
        foreach (var log in nodes.Select(LogOf).Where(File.Exists))
        {
            File.Delete(log);
        }
    }

    /// <summary>Takes the files away that say a cluster stands here. Data and logs stay.</summary>
    public void Forget()
    {
        File.Delete(PlanPath);
        File.Delete(LockPath);
        File.Delete(In(TokenFileName));
        File.Delete(In(PostgresUrlName));
        File.Delete(ClusterFilePath);
    }

    private static T Read<T>(string file, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
    {
        try
        {
            using var stream = File.OpenRead(file);
            return JsonSerializer.Deserialize(stream, type) ?? throw new JsonException("it is null");
        }
        catch (Exception e) when (e is JsonException or IOException)
        {
            throw new LabException($"{file} cannot be read: {e.Message}", e);
        }
    }

    private static void Write(string file, byte[] bytes)
    {
        var aside = file + ".new";
        File.WriteAllBytes(aside, bytes);
        File.Move(aside, file, overwrite: true);
    }

    internal static LabCertificates CertificatesOf(string directory) => new(System.IO.Path.Combine(directory, CertificatesName), TimeProvider.System);

    private string In(string name) => System.IO.Path.Combine(Path, name);
}
