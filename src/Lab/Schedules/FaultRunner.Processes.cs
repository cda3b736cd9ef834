using Cluster.Shared.Scenarios;

namespace Cluster.Lab.Schedules;

/// <content>Faults of whole processes: what each does when it begins and when it ends. A fault takes back what it did itself: a node that another one has down, or has paused, stays so.</content>
public sealed partial class FaultRunner
{
    /// <returns>The fault, with those nodes only to which it happened; or why it did not.</returns>
    private async Task<(OpenFault Fault, string? Because)> StrikeAsync(OpenFault fault, HashSet<string> dead, CancellationToken cancellation)
    {
        if (fault.Nodes.Count == 0)
        {
            return (fault, fault.Plan.Target == FaultRole.Wan ? "all nodes are one cluster, so nothing lies between clusters" : $"{fault.Plan.Target} is nobody in a cluster of {target.NodeNames.Count}");
        }

        switch (fault.Kind)
        {
            case FaultType.Kill or FaultType.PowerLoss or FaultType.Restart:
                return await StrikeEachAsync(fault, node => KillAsync(node, fault.Plan, cancellation)).ConfigureAwait(false);
            case FaultType.BitFlip:
                return await StrikeEachAsync(fault, node => DamageAsync(node, fault.Plan, cancellation)).ConfigureAwait(false);
            case FaultType.Pause:
                return await StrikeEachAsync(fault, node => PauseAsync(node, fault.Plan, cancellation)).ConfigureAwait(false);
            case FaultType.Leave:
                return await StrikeEachAsync(fault, node => LeaveAsync(node, fault.Plan, cancellation)).ConfigureAwait(false);
            case FaultType.Disconnect:
                return await StrikeEachAsync(fault, node => DisconnectAsync(node, fault.Plan, cancellation)).ConfigureAwait(false);
            case FaultType.Bridge when fault.Sides is null:
                return (fault, "a bridge needs two nodes besides it");
            default:
                return (fault, fault.Nodes.All(dead.Contains) ? $"{fault.Target} is down" : null);
        }
    }

    private async Task RelieveAsync(OpenFault fault, CancellationToken cancellation)
    {
        switch (fault.Kind)
        {
            case FaultType.Kill or FaultType.PowerLoss or FaultType.Leave or FaultType.FailFsync or FaultType.BitFlip:
                foreach (var node in fault.Kind == FaultType.FailFsync ? fault.Nodes : [])
                {
                    down.TryAdd(node, fault.Plan); // All of them before the first: whatever comes between, the healing replaces them.
                }

                foreach (var node in fault.Nodes)
                {
                    await BringBackAsync(node, fault.Plan, cancellation).ConfigureAwait(false);
                }

                break;
            case FaultType.Pause:
                foreach (var node in fault.Nodes)
                {
                    await ResumeAsync(node, fault.Plan, cancellation).ConfigureAwait(false);
                }

                break;
            case FaultType.Disconnect:
                foreach (var node in fault.Nodes)
                {
                    await ReconnectAsync(node, fault.Plan, cancellation).ConfigureAwait(false);
                }

                break;
        }
    }

    /// <summary>It happened if it happened to one of them.</summary>
    private static async Task<(OpenFault Fault, string? Because)> StrikeEachAsync(OpenFault fault, Func<string, Task<bool>> strike)
    {
        var struck = new List<string>();
        var because = $"{fault.Target} was {(fault.Kind == FaultType.Disconnect ? "off the network" : "down or stopped")} already";
        foreach (var node in fault.Nodes)
        {
            try
            {
                if (await strike(node).ConfigureAwait(false))
                {
                    struck.Add(node);
                }
            }
            catch (LabException refused)
            {
                because = refused.Message;
            }
        }

        return struck.Count > 0 ? (fault with { Nodes = struck }, null) : (fault, because);
    }

    private async Task<bool> KillAsync(string node, PlannedFault plan, CancellationToken cancellation)
    {
        if (!down.TryAdd(node, plan))
        {
            return false;
        }

        if (!await target.KillAsync(node, plan.Kind == FaultType.PowerLoss, cancellation).ConfigureAwait(false))
        {
            down.Remove(node);
            return false;
        }

        Forget(node);
        if (plan.Kind == FaultType.Restart)
        {
            await target.StartAsync(node, cancellation).ConfigureAwait(false);
            down.Remove(node);
        }

        return true;
    }

    private async Task<bool> DamageAsync(string node, PlannedFault plan, CancellationToken cancellation)
    {
        if (!await KillAsync(node, plan, cancellation).ConfigureAwait(false))
        {
            return false;
        }

        try
        {
            await target.DamageAsync(node, random.Next(), cancellation).ConfigureAwait(false);
            return true;
        }
        catch (LabException)
        {
            await target.StartAsync(node, cancellation).ConfigureAwait(false);
            down.Remove(node);
            throw;
        }
    }

    private async Task<bool> LeaveAsync(string node, PlannedFault plan, CancellationToken cancellation)
    {
        if (await target.LifeAsync(node, cancellation).ConfigureAwait(false) != NodeLife.Running || !IsTaken(down, node, plan))
        {
            return false;
        }

        await target.LeaveAsync(node, cancellation).ConfigureAwait(false);
        Forget(node);
        return true;
    }

    private async Task<bool> PauseAsync(string node, PlannedFault plan, CancellationToken cancellation)
    {
        if (await target.LifeAsync(node, cancellation).ConfigureAwait(false) != NodeLife.Running)
        {
            return false;
        }

        stopped[node] = plan;
        if (await target.PauseAsync(node, cancellation).ConfigureAwait(false))
        {
            return true;
        }

        stopped.Remove(node);
        return false;
    }

    private async Task<bool> DisconnectAsync(string node, PlannedFault plan, CancellationToken cancellation)
    {
        if (!IsTaken(off, node, plan))
        {
            return false;
        }

        await target.DisconnectAsync(node, cancellation).ConfigureAwait(false);
        return true;
    }

    /// <summary>Notes that this fault has the node; one that was refused may try again. False: another fault has it.</summary>
    private static bool IsTaken(Dictionary<string, PlannedFault> nodes, string node, PlannedFault plan) => nodes.TryAdd(node, plan) || ReferenceEquals(nodes[node], plan);

    /// <summary>Lets a process go on that this fault has stopped.</summary>
    private async Task ResumeAsync(string node, PlannedFault plan, CancellationToken cancellation)
    {
        if (ReferenceEquals(stopped.GetValueOrDefault(node), plan))
        {
            await target.ResumeAsync(node, cancellation).ConfigureAwait(false);
            stopped.Remove(node);
        }
    }

    /// <summary>Puts a node back on the network that this fault has taken off it.</summary>
    private async Task ReconnectAsync(string node, PlannedFault plan, CancellationToken cancellation)
    {
        if (ReferenceEquals(off.GetValueOrDefault(node), plan))
        {
            await target.ReconnectAsync(node, cancellation).ConfigureAwait(false);
            off.Remove(node);
        }
    }

    /// <summary>Its process is gone, with all that was done to it; its place on the network is not the process's.</summary>
    private void Forget(string node)
    {
        told.Forget(node);
        stopped.Remove(node);
    }

    /// <summary>Starts a node that this fault has down.</summary>
    private async Task BringBackAsync(string node, PlannedFault plan, CancellationToken cancellation)
    {
        if (!ReferenceEquals(down.GetValueOrDefault(node), plan))
        {
            return;
        }

        var isDead = await target.LifeAsync(node, cancellation).ConfigureAwait(false) == NodeLife.Dead;
        if (plan.Kind == FaultType.Leave && !isDead)
        {
            // It was given up on, and went on leaving: what is half gone is neither a member nor able to join.
            await target.LeaveAsync(node, cancellation).ConfigureAwait(false);
            isDead = true;
        }
        else if (plan.Kind == FaultType.FailFsync && !isDead)
        {
            // Most have ended themselves by now, as they must. One that is still at it would be gone a moment after everybody believed it healed: it is ended, with what never reached its disk.
            await target.KillAsync(node, losesUnflushed: true, cancellation).ConfigureAwait(false);
            isDead = true;
        }

        if (isDead)
        {
            Forget(node);
            await (plan.Kind switch
            {
                FaultType.Leave => target.RejoinAsync(node, cancellation),
                FaultType.BitFlip => target.ReplaceAsync(node, cancellation),
                _ => target.StartAsync(node, cancellation),
            }).ConfigureAwait(false);
        }

        down.Remove(node);
    }

    /// <summary>Whatever they died of.</summary>
    private async Task<HashSet<string>> FindDeadAsync(CancellationToken cancellation)
    {
        var dead = new HashSet<string>();
        foreach (var node in target.NodeNames)
        {
            if (await target.LifeAsync(node, cancellation).ConfigureAwait(false) == NodeLife.Dead)
            {
                dead.Add(node);
            }
        }

        return dead;
    }
}
