using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Cluster.Lab.Processes;

/// <summary>Whether a loopback port is free, and who holds it.</summary>
public static class PortOwner
{
    private const string ListenState = "0A";

    public static bool IsFree(int port)
    {
        try
        {
            // Not exclusive: connections of a process that was just killed may linger on the port, and keep nobody from listening there.
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>Process id and name of the listener, as far as /proc tells this user; null if it does not.</summary>
    public static (int Pid, string Name)? Find(int port)
    {
        var sockets = Listeners("/proc/net/tcp", port).Concat(Listeners("/proc/net/tcp6", port)).Select(inode => $"socket:[{inode}]").ToHashSet();
        foreach (var process in sockets.Count == 0 ? [] : Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(process), NumberStyles.None, CultureInfo.InvariantCulture, out var pid))
            {
                continue;
            }

            try
            {
                if (Directory.EnumerateFiles(process + "/fd").Any(descriptor => File.ResolveLinkTarget(descriptor, false)?.Name is { } target && sockets.Contains(target)))
                {
                    return (pid, File.ReadAllText(process + "/comm").Trim());
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Another user's process, or one that has just ended.
            }
        }

        return null;
    }

    private static IEnumerable<string> Listeners(string table, int port)
    {
        if (!File.Exists(table))
        {
            yield break;
        }

        var suffix = ":" + port.ToString("X4", CultureInfo.InvariantCulture);
        foreach (var line in File.ReadLines(table).Skip(1))
        {
            var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length > 9 && fields[3] == ListenState && fields[1].EndsWith(suffix, StringComparison.Ordinal))
            {
                yield return fields[9];
            }
        }
    }
}
