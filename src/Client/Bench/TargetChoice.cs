using System.Net;
using System.Net.Sockets;
using Cluster.Lab;
using Cluster.Lab.Benchmarks;
using Cluster.Lab.Processes;
using Cluster.Lab.Targets;
using Cluster.Shared.Ids;

namespace Cluster.Client.Bench;

/// <summary>Turns what a user named, or the running cluster, into a target of a benchmark.</summary>
internal static class TargetChoice
{
    /// <summary>The nodes of the lab's cluster that run. One that does not is left out, and told of by the caller's status.</summary>
    /// <exception cref="LabException">None runs.</exception>
    public static async Task<BenchTarget> OfAsync(ClusterTarget cluster, CancellationToken cancellation)
    {
        var nodes = (await cluster.RunningAsync(cancellation).ConfigureAwait(false)).Select(cluster.Node).ToList();
        if (nodes.Count == 0)
        {
            throw new LabException($"no node of '{cluster.Name}' runs; see 'lab status'");
        }

        var doors = new List<IPEndPoint>();
        foreach (var node in nodes)
        {
            doors.Add(await ResolveAsync(NodeAddress.Parse(node.Resp), node.Name, cancellation).ConfigureAwait(false));
        }

        return new BenchTarget(cluster.Name, doors, nodes.Where(node => node.Pid > 0).ToDictionary(node => node.Name, node => node.Pid));
    }

    /// <summary><c>[NAME=]HOST:PORT[,HOST:PORT...]</c>. Servers of this machine are found by their ports, so that their processor time can be measured.</summary>
    /// <exception cref="UsageException">Not an address, or a host that nobody knows.</exception>
    public static async Task<BenchTarget> ParseAsync(string text, string option, CancellationToken cancellation)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        var addresses = text[(equals + 1)..];
        var doors = new List<IPEndPoint>();
        foreach (var part in addresses.Split(','))
        {
            if (!NodeAddress.TryParse(part.Trim(), out var address))
            {
                throw new UsageException($"{option} names '{part}', which is not an address: write host:port, for example 127.0.0.1:6379");
            }

            doors.Add(await ResolveAsync(address, option, cancellation).ConfigureAwait(false));
        }

        return new BenchTarget(equals > 0 ? text[..equals] : addresses, doors, LocalProcesses(doors));
    }

    private static async Task<IPEndPoint> ResolveAsync(NodeAddress address, string named, CancellationToken cancellation)
    {
        try
        {
            var found = await Dns.GetHostAddressesAsync(address.Host, cancellation).ConfigureAwait(false);
            return new IPEndPoint(found.FirstOrDefault(ip => ip.AddressFamily == AddressFamily.InterNetwork) ?? found[0], address.Port);
        }
        catch (SocketException e)
        {
            throw new UsageException($"{named} names {address.Host}, which is not found: {e.Message}");
        }
    }

    private static Dictionary<string, int> LocalProcesses(IEnumerable<IPEndPoint> doors)
    {
        var processes = new Dictionary<string, int>();
        foreach (var door in doors.Where(door => IPAddress.IsLoopback(door.Address)))
        {
            if (PortOwner.Find(door.Port) is { } owner && owner.Pid != Environment.ProcessId)
            {
                processes[$"{owner.Name}:{door.Port}"] = owner.Pid;
            }
        }

        return processes;
    }
}
