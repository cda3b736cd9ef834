using Cluster.Lab.Http;
using Cluster.Shared.Files;
using Cluster.Shared.Ids;

namespace Cluster.Lab.Processes;

/// <summary>Starting: checks first, so that a refused start leaves nothing behind; then all at once; then waits until every node says it is ready.</summary>
public sealed partial class LocalCluster
{
    /// <summary>How often a starting node is asked whether it is ready.</summary>
    private static readonly TimeSpan ReadyPollInterval = TimeSpan.FromMilliseconds(50);

    /// <summary>A starting node may take a connection before it can answer.</summary>
    private static readonly TimeSpan ReadyRequestTimeout = TimeSpan.FromSeconds(2);

    private const int LogLinesShown = 15;

    private const string NoAnswer = "its HTTP port does not answer yet";

    /// <summary>Starts every node of the plan. Does not wait: see <see cref="WaitReadyAsync"/>.</summary>
    /// <exception cref="LabException">A cluster stands here already, a port is taken, or the node program is missing.</exception>
    public static LocalCluster Start(LaunchPlan plan, string path, TimeProvider time)
    {
        var directory = new LabDirectory(path);
        var binary = NodeBinary.Find();
        RefuseIfUp(directory);
        RefuseIfPortsAreTaken(Enumerable.Range(1, plan.Nodes).SelectMany(plan.PortsOf));
        System.IO.Directory.CreateDirectory(directory.Path);
        directory.WriteToken();
        directory.WritePlan(plan);
        var nodes = new List<ClusterFileNode>();
        for (var number = 1; number <= plan.Nodes; number++)
        {
            var node = plan.Describe(number, pid: 0);
            nodes.Add(node with { Pid = NodeLauncher.Start(binary, plan.Arguments(node, directory.Path), directory.LogOf(node.Name)) });
            // Written after each start: were this console killed now, the next one still finds what runs.
            directory.WriteCluster(new ClusterFile(plan.Name, [.. nodes]));
        }

        return new LocalCluster(directory, plan, new ClusterFile(plan.Name, nodes), binary, time);
    }

    /// <summary>Starts the node again on its data, with a new process id in cluster.json. A process that still runs is ended by SIGKILL first.</summary>
    /// <param name="fresh">Delete its data first, so that it joins as a new member.</param>
    public async Task RestartAsync(string name, CancellationToken cancellation, bool fresh = false)
    {
        var process = Process(name);
        if (process.Kill() && !await process.WaitForExitAsync(TimeSpan.FromSeconds(5), time, cancellation).ConfigureAwait(false))
        {
            throw new LabException($"{name} (process {process.Pid}) does not end after SIGKILL: it hangs in the kernel");
        }

        if (fresh)
        {
            Directory.DeleteData([name]);
        }

        using var change = await Directory.LockAsync(time, cancellation).ConfigureAwait(false);
        file = Directory.ReadCluster();
        var node = Node(name);
        RefuseIfPortsAreTaken(PortsOf(node));
        var pid = NodeLauncher.Start(binary ?? NodeBinary.Find(), plan.Arguments(node, Directory.Path, SeedsFor(node)), Directory.LogOf(name));
        Write([.. file.Nodes.Select(other => other.Name == name ? other with { Pid = pid } : other)]);
    }

    /// <summary>Returns when each of the nodes answers that it is ready.</summary>
    /// <param name="report">Told whenever a node waits for something else than before; null when it is ready.</param>
    /// <exception cref="LabException">A node died (with its last log lines), or the deadline passed (with what it waits for).</exception>
    public Task WaitReadyAsync(IReadOnlyList<string> names, TimeSpan deadline, Action<string, string?> report, CancellationToken cancellation) =>
        WaitAsync(names, reason => reason is null, deadline, report, cancellation);

    /// <summary>Returns when each of the nodes answers at all, ready or not: without a majority it cannot be more.</summary>
    /// <exception cref="LabException">A node died (with its last log lines), or the deadline passed.</exception>
    public Task WaitAliveAsync(IReadOnlyList<string> names, TimeSpan deadline, CancellationToken cancellation) =>
        WaitAsync(names, reason => reason != NoAnswer, deadline, (_, _) => { }, cancellation);

    private async Task WaitAsync(IReadOnlyList<string> names, Func<string?, bool> enough, TimeSpan deadline, Action<string, string?> report, CancellationToken cancellation)
    {
        var start = time.GetTimestamp();
        var reporting = new Lock();
        await Task.WhenAll(names.Select(WaitOneAsync)).ConfigureAwait(false);

        async Task WaitOneAsync(string name)
        {
            using var api = Api(name, ReadyRequestTimeout);
            string? last = "";
            while (true)
            {
                var reason = await AskAsync(api, cancellation).ConfigureAwait(false);
                if (reason != last)
                {
                    last = reason;
                    lock (reporting)
                    {
                        report(name, reason);
                    }
                }

                if (enough(reason))
                {
                    return;
                }

                if (Process(name).State == ProcessState.Dead)
                {
                    throw new LabException($"{name} ended while starting; the end of {Directory.LogOf(name)}:\n{string.Join('\n', Directory.LastLogLines(name, LogLinesShown).Select(line => "  " + line))}");
                }

                if (time.GetElapsedTime(start) > deadline)
                {
                    throw new LabException($"{name} is not ready after {deadline.TotalSeconds:0} s: {reason}; its log is {Directory.LogOf(name)}");
                }

                await Task.Delay(ReadyPollInterval, time, cancellation).ConfigureAwait(false);
            }
        }
    }

    private static async Task<string?> AskAsync(NodeApi api, CancellationToken cancellation)
    {
        try
        {
            return await api.GetNotReadyReasonAsync(cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (NodeApi.IsNoAnswer(e) && !cancellation.IsCancellationRequested)
        {
            return NoAnswer;
        }
    }

    private static void RefuseIfUp(LabDirectory directory)
    {
        if (!directory.HasCluster)
        {
            return;
        }

        var cluster = directory.ReadCluster();
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
