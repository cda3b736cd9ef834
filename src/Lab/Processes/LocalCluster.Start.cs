using Cluster.Lab.Certificates;
using Cluster.Lab.Databases;
using Cluster.Lab.Targets;
using Cluster.Shared.Files;
using Cluster.Shared.Ids;

namespace Cluster.Lab.Processes;

/// <summary>Starting: checks first, so that a refused start leaves nothing behind; then all at once.</summary>
public sealed partial class LocalCluster
{
    /// <summary>Starts every node of the plan. Does not wait: see <see cref="ClusterTarget.WaitReadyAsync"/>.</summary>
    /// <exception cref="LabException">A cluster stands here already, a port is taken, or the node program is missing.</exception>
    /// <param name="postgres"><see cref="StartPostgres"/>, or where one is; null: none.</param>
    public static LocalCluster Start(LaunchPlan plan, string path, TimeProvider time, string? postgres = null)
    {
        var directory = new LabDirectory(path);
        var binary = ProgramBinary.FindNode();
        RefuseIfUp(directory);
        plan = plan with { Postgres = postgres is not null };
        RefuseIfPortsAreTaken([.. Enumerable.Range(1, plan.Nodes).SelectMany(plan.PortsOf), .. postgres == StartPostgres ? new[] { plan.PostgresPort } : []]);
        System.IO.Directory.CreateDirectory(directory.Path);
        directory.WriteToken();
        directory.WritePlan(plan);
        var database = postgres is null ? null : StartDatabase(plan, directory, postgres);
        directory.WriteCluster(new ClusterFile(plan.Name, []) { Postgres = database });
        var nodes = new List<ClusterFileNode>();
        for (var number = 1; number <= plan.Nodes; number++)
        {
            var node = Secured(plan, directory, plan.Describe(number, pid: 0));
            nodes.Add(node with { Pid = NodeLauncher.Start(binary, plan.Arguments(node, directory.Path), directory.LogOf(node.Name)) });
            // Written after each start: were this console killed now, the next one still finds what runs.
            directory.WriteCluster(new ClusterFile(plan.Name, [.. nodes]) { Postgres = database });
        }

        return new LocalCluster(directory, plan, new ClusterFile(plan.Name, nodes) { Postgres = database }, binary, time);
    }

    /// <summary>Where the cluster speaks TLS: makes the node's certificate if it has none, and notes by which authority it is verified.</summary>
    private static ClusterFileNode Secured(LaunchPlan plan, LabDirectory directory, ClusterFileNode node)
    {
        if (!plan.Tls)
        {
            return node;
        }

        directory.Certificates.Make(plan.Name, [node.Name], [], LabCertificates.UsualValidity);
        return node with { Ca = directory.Certificates.AuthorityFile };
    }

    /// <summary>Starts the node again, with a new process id in cluster.json.</summary>
    public override async Task RestartAsync(string name, CancellationToken cancellation, bool fresh = false)
    {
        if (DatabaseOf(name) is { } database)
        {
            await database.KillAsync(cancellation).ConfigureAwait(false);
            await database.StartAsync(cancellation).ConfigureAwait(false);
            return;
        }

        var process = Process(name);
        if (process.Kill() && !await process.WaitForExitAsync(TimeSpan.FromSeconds(5), Time, cancellation).ConfigureAwait(false))
        {
            throw new LabException($"{name} (process {process.Pid}) does not end after SIGKILL: it hangs in the kernel");
        }

        if (fresh)
        {
            Directory.DeleteData([name]);
        }

        using var change = await Directory.LockAsync(Time, cancellation).ConfigureAwait(false);
        file = Directory.ReadCluster();
        var node = Node(name);
        RefuseIfPortsAreTaken(PortsOf(node));
        var pid = NodeLauncher.Start(binary ?? ProgramBinary.FindNode(), plan.Arguments(node, Directory.Path, SeedsFor(node)), Directory.LogOf(name));
        Write([.. file.Nodes.Select(other => other.Name == name ? other with { Pid = pid } : other)]);
    }

    private static void RefuseIfUp(LabDirectory directory)
    {
        if (!directory.HasCluster)
        {
            return;
        }

        var cluster = directory.ReadCluster();
        if (cluster.Postgres is { Pid: > 0, Data: { } data } database && new PostgresServer(database.Pid, data).State != ProcessState.Dead && cluster.Nodes.Count == 0)
        {
            throw new LabException($"a start in {directory.Path} was broken off and left a PostgreSQL (process {database.Pid}): end it with 'lab down'");
        }

        var alive = cluster.Nodes.Where(node => new NodeProcess(node.Pid, directory.DataOf(node.Name)).State != ProcessState.Dead).ToList();
        throw new LabException(alive.Count > 0
            ? $"cluster '{cluster.Name}' is up already in {directory.Path} ({string.Join(", ", alive.Select(node => $"{node.Name} is process {node.Pid}"))}): see 'lab status', or end it with 'lab down'"
            : $"cluster '{cluster.Name}' stands in {directory.Path}, but none of its nodes runs: 'lab restart' starts them again on their data, 'lab down' deletes it");
    }

    private static void RefuseIfPortsAreTaken(IEnumerable<int> ports)
    {
        foreach (var port in ports)
        {
            if (!PortOwner.IsFree(port))
            {
                throw new LabException($"port {port} is in use by {OwnerOf(port)}: stop it, or choose other ports with 'lab up --port-offset 100'");
            }
        }
    }

    private static string OwnerOf(int port) => PortOwner.Find(port) is { } found ? $"process {found.Pid} ({found.Name})" : "another process";

    private static IReadOnlyList<int> PortsOf(ClusterFileNode node) =>
        [NodeAddress.Parse(node.Remoting).Port, new Uri(node.Http).Port, NodeAddress.Parse(node.Resp).Port];
}
