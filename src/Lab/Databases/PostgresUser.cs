namespace Cluster.Lab.Databases;

/// <summary>Who runs a PostgreSQL of the lab's: the console's own user; for root, whom PostgreSQL refuses, the user <c>postgres</c> that its package brings.</summary>
internal static class PostgresUser
{
    private const string Name = "postgres";
    private const string SetPriv = "/usr/bin/setpriv";

    private static bool IsRoot => Environment.IsPrivilegedProcess;

    /// <summary>What stands before a command, so that it runs as that user under the process id that it was started with.</summary>
    /// <exception cref="LabException">There is no such user, or no way to become it.</exception>
    public static IReadOnlyList<string> Prefix
    {
        get
        {
            if (!IsRoot)
            {
                return [];
            }

            if (!File.ReadLines("/etc/passwd").Any(line => line.StartsWith(Name + ":", StringComparison.Ordinal)) || !File.Exists(SetPriv))
            {
                throw new LabException($"PostgreSQL does not run as root, and there is no user '{Name}' here, or no {SetPriv} to become it: install the package postgresql, run the lab as another user, or name a server with --postgres URL");
            }

            return [SetPriv, "--reuid=" + Name, "--regid=" + Name, "--init-groups"];
        }
    }

    /// <summary>
    /// Where the database's files go: into the lab's directory; below the system's temporary one where the user that runs it cannot get there, as under root's home.
    /// </summary>
    /// <exception cref="LabException">It can get to neither.</exception>
    public static string FolderFor(string labDirectory)
    {
        var usual = Path.Combine(labDirectory, Name);
        if (!IsRoot || IsOpenToOthers(labDirectory))
        {
            return usual;
        }

        return IsOpenToOthers(Path.GetTempPath()) ? PostgresServer.OtherFolder(labDirectory)
            : throw new LabException($"the user '{Name}', which runs PostgreSQL where root starts it, can enter neither {labDirectory} nor {Path.GetTempPath()}: choose another directory with --dir (or --out)");
    }

    /// <summary>Makes an empty folder that belongs to that user.</summary>
    public static void MakeFolder(string folder)
    {
        Directory.CreateDirectory(folder);
        if (IsRoot)
        {
            var (code, said) = Command.Run(["chown", $"{Name}:{Name}", folder], new Dictionary<string, string>());
            if (code != 0)
            {
                throw new LabException($"{folder} cannot be given to the user '{Name}': {said}");
            }
        }
    }

    private static bool IsOpenToOthers(string folder)
    {
        for (var here = new DirectoryInfo(folder); here is not null; here = here.Parent)
        {
            if (here.Exists && !OperatingSystem.IsWindows() && !here.UnixFileMode.HasFlag(UnixFileMode.OtherExecute))
            {
                return false;
            }
        }

        return true;
    }
}
