using Cluster.Shared.Http;

namespace Cluster.Lab.Schedules;

/// <summary>
/// What each node has been told of faults inside it, and what it is to be told: only the difference goes out. A process that is new knows of none; one that is
/// paused or dead is told when it is back; one that did not answer may have done what it was told, and is told again whatever is wanted by then.
/// </summary>
internal sealed class NodeTold(IFaultTarget target)
{
    private static readonly Orders Nothing = new([], InsideFaults.None);

    private readonly Dictionary<string, Orders> told = [];
    private readonly HashSet<string> unsure = [];

    /// <summary>Whether every node knows what it is to know.</summary>
    public bool IsComplete { get; private set; } = true;

    /// <summary>Its process is gone, and what it was told with it.</summary>
    public void Forget(string node)
    {
        told.Remove(node);
        unsure.Remove(node);
    }

    /// <summary>Whether some node that this fault changes knows all that it is to know: there it is in force.</summary>
    public bool HasReached(OpenFault fault, IReadOnlyList<OpenFault> open) =>
        target.NodeNames.Any(node => !For(node, [fault]).Equals(Nothing) && Knows(node, For(node, open)));

    /// <returns>Whether every node knows all now; those that are dead need not.</returns>
    public async Task<bool> TellAsync(IReadOnlyList<OpenFault> open, CancellationToken cancellation)
    {
        IsComplete = true;
        foreach (var node in target.NodeNames)
        {
            var orders = For(node, open);
            if (!Knows(node, orders))
            {
                IsComplete &= await target.LifeAsync(node, cancellation).ConfigureAwait(false) switch
                {
                    NodeLife.Running => await TellAsync(node, orders, cancellation).ConfigureAwait(false),
                    NodeLife.Dead => IsDone(node, orders),
                    _ => false,
                };
            }
        }

        return IsComplete;
    }

    private async Task<bool> TellAsync(string node, Orders orders, CancellationToken cancellation)
    {
        var (known, all) = (told.GetValueOrDefault(node, Nothing), !unsure.Add(node));
        if ((!all && orders.Links.SequenceEqual(known.Links)) || await target.SetLinksAsync(node, orders.Links, cancellation).ConfigureAwait(false))
        {
            if ((!all && orders.Inside == known.Inside) || await target.SetInsideAsync(node, orders.Inside, cancellation).ConfigureAwait(false))
            {
                told[node] = orders;
                unsure.Remove(node);
                return true;
            }
        }

        return false;
    }

    private bool IsDone(string dead, Orders orders)
    {
        Forget(dead);
        return orders.Equals(Nothing);
    }

    private bool Knows(string node, Orders orders) => !unsure.Contains(node) && told.GetValueOrDefault(node, Nothing).Equals(orders);

    private Orders For(string node, IReadOnlyList<OpenFault> open) => new(
        LinkRules.From(node, target.NodeNames, open),
        InsideFaults.Of(open.Where(fault => fault.Nodes.Contains(node)).Select(fault => fault.Plan)));

    /// <summary>All that one node is to know.</summary>
    private sealed record Orders(IReadOnlyList<LinkFaultView> Links, InsideFaults Inside)
    {
        public bool Equals(Orders? other) => other is not null && Links.SequenceEqual(other.Links) && Inside == other.Inside;

        public override int GetHashCode() => HashCode.Combine(Links.Count, Inside);
    }
}
