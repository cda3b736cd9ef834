using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Cluster.Lab.Processes;
using Cluster.Lab.Targets;

namespace Cluster.Lab.Databases;

/// <summary>
/// A PostgreSQL of the lab's own: made by <c>initdb</c>, listening on loopback only, every commit on disk before it is answered. Seen from outside as a node is, by /proc and by signals: the postmaster and its children, all of
/// which hold what the database is.
/// </summary>
/// <param name="Pid">The postmaster's.</param>
/// <param name="Folder">Its data directory.</param>
public sealed record PostgresServer(int Pid, string Folder)
{
    public const string User = "lab";
    public const string Database = "postgres";

    private const string Host = "127.0.0.1";

    /// <summary>Most connections of all nodes that one machine runs, each with its pool and two for itself, and some for people with psql.</summary>
    private const int ConnectionsMax = (LaunchPlan.MaxNodes * 10) + 20;

    /// <summary>A fast shutdown ends all sessions and writes a checkpoint.</summary>
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan KillTimeout = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(5);

    /// <summary>exec twice: the process that is started becomes the postmaster, in a session of its own.</summary>
    private const string StartScript = "log=$1; shift; exec setsid \"$@\" >>\"$log\" 2>&1 </dev/null";

    /// <summary>initdb takes the first password from a file only; it is in one for as long as initdb runs, readable by its user only.</summary>
    private const string InitScript = "umask 077; file=$(mktemp) || exit 1; printf %s \"$LAB_POSTGRES_PASSWORD\" >\"$file\"; \"$@\" --pwfile=\"$file\"; code=$?; rm -f \"$file\"; exit $code";

    private NodeProcess Postmaster => new(Pid, Folder);

    /// <summary>Dead only when the postmaster is; its children follow it at once, and <see cref="KillAsync"/> waits for them.</summary>
    public ProcessState State => Postmaster.State;

    /// <summary>Whether it takes connections: it writes so into its lock file, as pg_ctl reads it.</summary>
    public bool IsReady
    {
        get
        {
            try
            {
                const int StatusLine = 7;
                var lines = File.ReadAllLines(LockFile);
                return lines.Length > StatusLine && lines[StatusLine].StartsWith("ready", StringComparison.Ordinal) && State == ProcessState.Running;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return false;
            }
        }
    }

    private string LockFile => Path.Combine(Folder, "postmaster.pid");

    /// <summary>Where its files go when they cannot be in the lab's directory, since the user that runs it cannot enter there.</summary>
    public static string OtherFolder(string labDirectory) =>
        Path.Combine(Path.GetTempPath(), $"cluster-lab-postgres-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(labDirectory)).AsSpan(0, 6))}");

    /// <summary>Makes the data directory, unless one stands there.</summary>
    /// <exception cref="LabException">It cannot be made.</exception>
    public static void Init(PostgresBinaries binaries, string folder, string password)
    {
        if (File.Exists(Path.Combine(folder, "PG_VERSION")))
        {
            return;
        }

        PostgresUser.MakeFolder(folder);

        // What is not synced here is the empty database only; it is made again after a crash.
        string[] command = ["/bin/sh", "-c", InitScript, "sh", binaries.InitDb, "-D", folder, "--username=" + User, "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--no-sync", "--no-instructions"];
        var (code, said) = Command.Run([.. PostgresUser.Prefix, .. command], new Dictionary<string, string> { ["LAB_POSTGRES_PASSWORD"] = password });
        if (code != 0)
        {
            throw new LabException($"initdb could not make a database in {folder}: {said}");
        }
    }

    /// <summary>Starts it on its data, without waiting.</summary>
    /// <exception cref="LabException">It could not be started at all.</exception>
    public static PostgresServer Start(PostgresBinaries binaries, string folder, int port, string logPath)
    {
        // Whoever calls this knows that nothing of an earlier life is left. A dead postmaster that nobody has collected yet would count as alive to a new one.
        File.Delete(Path.Combine(folder, "postmaster.pid"));
        string[] settings =
        [
            "listen_addresses=" + Host, string.Create(CultureInfo.InvariantCulture, $"port={port}"), "unix_socket_directories=", string.Create(CultureInfo.InvariantCulture, $"max_connections={ConnectionsMax}"),
            "fsync=on", "synchronous_commit=on", "full_page_writes=on", "shared_buffers=32MB", "jit=off",

            // After a crash everything is synced by one call and not file by file: a thousand files are some seconds, in which nobody is served. PostgreSQL 14 and newer.
            "recovery_init_sync_method=syncfs", "log_line_prefix=%m [%p] %a ",
        ];
        var start = new ProcessStartInfo("/bin/sh") { UseShellExecute = false, WorkingDirectory = "/" };
        foreach (var argument in (string[])["-c", StartScript, "sh", logPath, .. PostgresUser.Prefix, binaries.Postgres, "-D", folder, .. settings.SelectMany(setting => new[] { "-c", setting })])
        {
            start.ArgumentList.Add(argument);
        }

        try
        {
            using var process = Process.Start(start)!;
            return new PostgresServer(process.Id, folder);
        }
        catch (Exception e) when (e is System.ComponentModel.Win32Exception or IOException)
        {
            throw new LabException($"cannot start {binaries.Postgres}: {e.Message}", e);
        }
    }

    /// <param name="password">Null: as it may be shown.</param>
    public static string Url(int port, string? password) => string.Create(CultureInfo.InvariantCulture, $"postgres://{User}{(password is null ? "" : ":" + password)}@{Host}:{port}/{Database}");

    /// <summary>SIGKILL to the postmaster and all its children; returns when none is left, so that a new one may start on the data.</summary>
    /// <exception cref="LabException">One of them does not end.</exception>
    public async Task<bool> KillAsync(TimeProvider time, CancellationToken cancellation)
    {
        if (!Postmaster.Pause()) // It starts no more children.
        {
            return false;
        }

        var children = Children();
        Postmaster.Kill();
        foreach (var child in children)
        {
            Signal.Send(child, Signal.Kill);
        }

        var start = time.GetTimestamp();
        while (Postmaster.State != ProcessState.Dead || children.Any(IsAlive))
        {
            if (time.GetElapsedTime(start) > KillTimeout)
            {
                throw new LabException($"PostgreSQL (process {Pid}) does not end after SIGKILL: it hangs in the kernel");
            }

            await Task.Delay(Poll, time, cancellation).ConfigureAwait(false);
        }

        return true;
    }

    /// <summary>Stops the postmaster and all its children: a session would go on serving without its postmaster.</summary>
    public bool Pause()
    {
        if (!Postmaster.Pause())
        {
            return false;
        }

        SendToChildren(Signal.Stop);
        return true;
    }

    public bool Resume()
    {
        SendToChildren(Signal.Continue);
        return Postmaster.Resume();
    }

    /// <summary>Ends it in order: all sessions are ended, and a checkpoint is written (SIGINT); by force if it does not listen.</summary>
    public async Task StopAsync(TimeProvider time, CancellationToken cancellation)
    {
        Resume();
        if (Postmaster.Interrupt() && !await Postmaster.WaitForExitAsync(StopTimeout, time, cancellation).ConfigureAwait(false))
        {
            await KillAsync(time, cancellation).ConfigureAwait(false);
        }
    }

    private void SendToChildren(int signal)
    {
        foreach (var child in Children())
        {
            Signal.Send(child, signal);
        }
    }

    private List<int> Children()
    {
        var children = new List<int>();
        foreach (var process in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(process), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) && Stat(pid) is [var letter, var parent, ..] && letter != "Z" && parent == Pid.ToString(CultureInfo.InvariantCulture))
            {
                children.Add(pid);
            }
        }

        return children;
    }

    private static bool IsAlive(int pid) => Stat(pid) is [not ("Z" or "X"), ..];

    /// <summary>State, parent and more, as the kernel gives them; none for a process that is gone.</summary>
    private static string[] Stat(int pid)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            return stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
