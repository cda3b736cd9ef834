using System.Globalization;

namespace Cluster.Lab.Databases;

/// <summary>An installed PostgreSQL: its <c>initdb</c> and <c>postgres</c>. Found in PATH, or where Debian puts the versions, which are not in PATH.</summary>
public sealed record PostgresBinaries(string InitDb, string Postgres)
{
    private const string DebianRoot = "/usr/lib/postgresql";

    /// <summary>Whether there is one.</summary>
    public static bool AreInstalled => Find() is not null;

    /// <exception cref="LabException">There is none.</exception>
    public static PostgresBinaries Require() => Find()
        ?? throw new LabException($"no PostgreSQL is installed here: looked for initdb in PATH and under {DebianRoot}; install the package postgresql, or name a server with --postgres postgres://USER:PASSWORD@HOST:5432/DATABASE");

    public static PostgresBinaries? Find()
    {
        var inPath = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries);
        var versions = Directory.Exists(DebianRoot)
            ? Directory.EnumerateDirectories(DebianRoot).OrderByDescending(folder => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var version) ? version : 0).Select(folder => Path.Combine(folder, "bin"))
            : [];
        return inPath.Concat(versions).Select(In).FirstOrDefault(found => found is not null);
    }

    private static PostgresBinaries? In(string folder)
    {
        var (initDb, postgres) = (Path.Combine(folder, "initdb"), Path.Combine(folder, "postgres"));
        return File.Exists(initDb) && File.Exists(postgres) ? new PostgresBinaries(initDb, postgres) : null;
    }
}
