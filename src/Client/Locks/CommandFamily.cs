using System.Globalization;
using System.Text;

namespace Cluster.Client.Locks;

/// <summary>
/// A command and all that it started, and that they started: found by who is whose child, and by a mark in the environment, which whoever is started inherits. So a process is found, too, whose parent has
/// ended; one that cleared its environment and lost its parent is not. Where there is no /proc it is the command alone.
/// </summary>
/// <param name="variable">The mark's name; its value is nobody else's.</param>
internal sealed class CommandFamily(int command, string variable, string value)
{
    private readonly byte[] mark = Encoding.UTF8.GetBytes($"{variable}={value}\0");

    /// <summary>The ids of those that live; this process is none of them.</summary>
    public IReadOnlyList<int> Living()
    {
        var found = new HashSet<int>();
        var parents = Parents();
        foreach (var pid in parents.Keys)
        {
            if (pid != Environment.ProcessId && (IsBelow(pid, parents) || IsMarked(pid)))
            {
                found.Add(pid);
            }
        }

        return [.. found];
    }

    private bool IsBelow(int pid, Dictionary<int, int> parents)
    {
        // The table is read while processes come and go, and an id may have come twice: no chain is longer than the table.
        for (var (at, steps) = (pid, 0); steps <= parents.Count; steps++)
        {
            if (at == command)
            {
                return true;
            }

            if (!parents.TryGetValue(at, out at))
            {
                return false;
            }
        }

        return false;
    }

    private bool IsMarked(int pid)
    {
        try
        {
            return File.ReadAllBytes(Path.Combine(Root(pid), "environ")).AsSpan().IndexOf(mark) >= 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false; // It has ended, or it is somebody else's.
        }
    }

    /// <summary>Of each process that lives, its parent. What has ended and was not waited for is dead.</summary>
    private static Dictionary<int, int> Parents()
    {
        var parents = new Dictionary<int, int>();
        if (!Directory.Exists("/proc/self"))
        {
            return parents;
        }

        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            try
            {
                // PID (NAME) STATE PARENT ...: the name may hold anything, also brackets.
                if (int.TryParse(Path.GetFileName(directory), NumberStyles.None, CultureInfo.InvariantCulture, out var pid)
                    && File.ReadAllText(Path.Combine(directory, "stat")) is var stat
                    && stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries) is [not ("Z" or "X"), var parent, ..])
                {
                    parents[pid] = int.Parse(parent, CultureInfo.InvariantCulture);
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // It has ended meanwhile.
            }
        }

        return parents;
    }

    private static string Root(int pid) => string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}");
}
