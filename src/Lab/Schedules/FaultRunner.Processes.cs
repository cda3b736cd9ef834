using Cluster.Shared.Scenarios;

namespace Cluster.Lab.Schedules;

/// <content>Faults of whole processes: what each does when it begins and when it ends. A node that one fault has down is started by that fault alone.</content>
public sealed partial class FaultRunner
{
    /// <returns>Why it did not happen; null when it did.</returns>
    private async Task<string?> StrikeAsync(OpenFault fault, CancellationToken cancellation)
    {
        if (fault.Nodes.Count == 0)
        {
            return $"{fault.Plan.Target} is nobody in a cluster of {target.NodeNames.Count}";
        }

        switch (fault.Kind)
        {
            case FaultType.Kill or FaultType.PowerLoss or FaultType.Restart:
                return await StrikeEachAsync(fault, node => KillAsync(node, fault.Kind, cancellation)).ConfigureAwait(false);
            case FaultType.Pause:
                return await StrikeEachAsync(fault, async node => await target.LifeAsync(node, cancellation).ConfigureAwait(false) == NodeLife.Running
                    && await target.PauseAsync(node, cancellation).ConfigureAwait(false)).ConfigureAwait(false);
            case FaultType.Leave:
                return await StrikeEachAsync(fault, node => LeaveAsync(node, cancellation)).ConfigureAwait(false);
            case FaultType.Disconnect:
                return await StrikeEachAsync(fault, async node =>
                {
                    await target.DisconnectAsync(node, cancellation).ConfigureAwait(false);
                    return true;
                }).ConfigureAwait(false);
            case FaultType.Bridge when fault.Sides is null:
                return "a bridge needs two nodes besides it";
            default:
                return fault.Nodes.All(down.Contains) ? $"{fault.Target} is down" : null;
        }
    }

    private async Task RelieveAsync(OpenFault fault, CancellationToken cancellation)
    {
        switch (fault.Kind)
        {
            case FaultType.Kill or FaultType.PowerLoss or FaultType.FailFsync:
                await StartEachAsync(fault.Nodes, target.StartAsync, cancellation).ConfigureAwait(false);
                break;
            case FaultType.Leave:
                await StartEachAsync(fault.Nodes, target.RejoinAsync, cancellation).ConfigureAwait(false);
                break;
            case FaultType.Pause:
                foreach (var node in fault.Nodes)
                {
                    await target.ResumeAsync(node, cancellation).ConfigureAwait(false);
                }

                break;
            case FaultType.Disconnect:
                await target.ReconnectAsync(cancellation).ConfigureAwait(false);
                break;
        }
    }

    /// <summary>It happened if it happened to one of them.</summary>
    private static async Task<string?> StrikeEachAsync(OpenFault fault, Func<string, Task<bool>> strike)
    {
        var struck = false;
        foreach (var node in fault.Nodes)
        {
            struck |= await strike(node).ConfigureAwait(false);
        }

        return struck ? null : $"{fault.Target} was down or stopped already";
    }

    private async Task<bool> KillAsync(string node, FaultType kind, CancellationToken cancellation)
    {
        if (down.Contains(node) || !await target.KillAsync(node, kind == FaultType.PowerLoss, cancellation).ConfigureAwait(false))
        {
            return false;
        }

        told.Forget(node);
        if (kind == FaultType.Restart)
        {
            await target.StartAsync(node, cancellation).ConfigureAwait(false);
        }
        else
        {
            down.Add(node);
        }

        return true;
    }

    private async Task<bool> LeaveAsync(string node, CancellationToken cancellation)
    {
        if (down.Contains(node))
        {
            return false;
        }

        await target.LeaveAsync(node, cancellation).ConfigureAwait(false);
        told.Forget(node);
        down.Add(node);
        return true;
    }

    /// <summary>Those that are dead: what another fault has started meanwhile runs.</summary>
    private async Task StartEachAsync(IReadOnlyList<string> nodes, Func<string, CancellationToken, Task> start, CancellationToken cancellation)
    {
        foreach (var node in nodes)
        {
            if (await target.LifeAsync(node, cancellation).ConfigureAwait(false) == NodeLife.Dead)
            {
                told.Forget(node);
                await start(node, cancellation).ConfigureAwait(false);
            }

            down.Remove(node);
        }
    }
}
