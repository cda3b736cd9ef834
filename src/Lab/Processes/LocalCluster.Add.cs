using System.Globalization;
using Cluster.Lab.Targets;
using Cluster.Shared.Files;

namespace Cluster.Lab.Processes;

/// <summary>Growing: one more node process beside those that run, with a name and ports that nobody has.</summary>
public sealed partial class LocalCluster
{
    /// <summary>Enough to find a living member by, also when some of them have gone since.</summary>
    private const int MaxSeedsOfNewcomer = 5;

    /// <summary>Starts one more node of this cluster and writes it into cluster.json. Does not wait: see <see cref="ClusterTarget.WaitReadyAsync"/>.</summary>
    /// <param name="name">Null for the next free one: n4 beside n1, n2 and n3.</param>
    /// <param name="report">Told of each place that was passed over because its ports are taken.</param>
    /// <exception cref="LabException">The name is taken, no place is free, or no node runs that the new one could join.</exception>
    public async Task<AddedNode> AddAsync(string? name, Action<string> report, CancellationToken cancellation)
    {
        var program = binary ?? ProgramBinary.FindNode();
        using var change = await Directory.LockAsync(Time, cancellation).ConfigureAwait(false);
        file = Directory.ReadCluster();
        RefuseToAdd(name);
        var number = FreePlace(name, report);
        var node = Secured(plan, Directory, plan.Describe(number, pid: 0, name));
        var hadData = Directory.HasData(node.Name);
        node = node with { Pid = NodeLauncher.Start(program, plan.Arguments(node, Directory.Path, SeedsFor(node)), Directory.LogOf(node.Name)) };
        Write([.. file.Nodes, node]);
        return new AddedNode(node, hadData);
    }

    /// <summary>Takes back a node that was added and did not become a member: ends its process, and forgets it. Its log stays, to be read.</summary>
    public async Task UndoAddAsync(AddedNode added)
    {
        var name = added.Node.Name;
        var process = Process(name);
        process.Kill();
        await process.WaitForExitAsync(KillTimeout, Time, CancellationToken.None).ConfigureAwait(false);
        using var change = await Directory.LockAsync(Time, CancellationToken.None).ConfigureAwait(false);
        file = Directory.ReadCluster();
        Write([.. file.Nodes.Where(node => node.Name != name)]);
        if (!added.HadData)
        {
            Directory.DeleteData([name]);
        }
    }

    private void RefuseToAdd(string? name)
    {
        if (file.Nodes.FirstOrDefault(node => node.Name == name) is { } holder)
        {
            throw new LabException(Process(holder.Name).State == ProcessState.Dead
                ? $"the name {name} is taken: it is a node of this cluster that does not run; 'lab restart {name}' starts it again"
                : $"the name {name} is taken: process {holder.Pid} runs under it; choose another name, or give none");
        }

        if (plan.Clusters > 1)
        {
            throw new LabException($"{plan.Clusters} clusters stand side by side here, and a node more would belong to none of them: 'lab up --clusters {plan.Clusters} --nodes N' starts larger ones");
        }

        if (file.Nodes.Count >= LaunchPlan.MaxNodes)
        {
            throw new LabException($"the cluster has {file.Nodes.Count} nodes, the most that one machine runs; 'lab stop' takes one away, 'lab restart' brings one back");
        }

        if (NodeNames.All(running => Process(running).State != ProcessState.Running))
        {
            throw new LabException("no node runs that a new one could join: 'lab restart' starts those again that there are");
        }
    }

    /// <summary>The first number whose name and whose ports nobody has; a name of the form n7 asks for number 7 first.</summary>
    private int FreePlace(string? name, Action<string> report)
    {
        var held = file.Nodes.SelectMany(PortsOf).ToHashSet();
        var wished = name is ['n', .. var digits] && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= LaunchPlan.MaxNodes ? number : 1;
        for (var place = wished; place < wished + LaunchPlan.MaxNodes; place++)
        {
            var candidate = ((place - 1) % LaunchPlan.MaxNodes) + 1;
            if (plan.PortsOf(candidate).Any(held.Contains) || (name is null && NodeNames.Contains(LaunchPlan.NodeName(candidate))))
            {
                continue;
            }

            var taken = plan.PortsOf(candidate).Where(port => !PortOwner.IsFree(port)).ToList();
            if (taken.Count == 0)
            {
                return candidate;
            }

            report($"place {candidate} is passed over: port {taken[0]} is in use by {OwnerOf(taken[0])}");
        }

        throw new LabException($"none of the {LaunchPlan.MaxNodes} places has its ports free; 'lab up --port-offset' chooses others");
    }

    /// <summary>
    /// Where a starting node looks for the cluster. One that comes without data, while others run, must find them and never form a cluster of its own, also
    /// when the first seeds have left long since: so it is never named itself, and those that run are.
    /// </summary>
    private IReadOnlyList<string> SeedsFor(ClusterFileNode node)
    {
        var others = file.Nodes.Where(other => other.Name != node.Name && other.Cluster == node.Cluster && Process(other.Name).State == ProcessState.Running && Directory.HasData(other.Name)).Select(other => other.Remoting).ToList();
        return others.Count == 0 || Directory.HasData(node.Name)
            ? plan.SeedsOf(node)
            : [.. others.OrderBy(address => plan.SeedsOf(node).Contains(address) ? 0 : 1).Take(MaxSeedsOfNewcomer)];
    }

    private void Write(IReadOnlyList<ClusterFileNode> nodes)
    {
        file = file with { Nodes = nodes };
        Directory.WriteCluster(file);
    }
}
