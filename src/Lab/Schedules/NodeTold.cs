using Cluster.Shared.Http;

namespace Cluster.Lab.Schedules;

/// <summary>
/// What each node has been told of faults inside it, and what it is to be told: only the difference goes out. A process that is new knows of none; one that is
/// paused or dead is told when it is back.
/// </summary>
internal sealed class NodeTold(IFaultTarget target)
{
    private readonly Dictionary<string, (IReadOnlyList<LinkFaultView> Links, InsideFaults Inside)> told = [];

    /// <summary>Whether every node knows what it is to know.</summary>
    public bool IsComplete { get; private set; } = true;

    /// <summary>Its process is gone, and what it was told with it.</summary>
    public void Forget(string node) => told.Remove(node);

    /// <summary>Whether some node knows of that fault: it is in force there.</summary>
    public bool HasReached(OpenFault fault) => told.Any(node =>
        LinkRules.From(node.Key, target.NodeNames, [fault]).Any(rule => node.Value.Links.Any(known => known.To == rule.To))
        || (fault.Nodes.Contains(node.Key) && InsideFaults.Of([fault.Plan]) != InsideFaults.None && node.Value.Inside != InsideFaults.None));

    /// <returns>Whether every node knows all now; those that are dead need not.</returns>
    public async Task<bool> TellAsync(IReadOnlyList<OpenFault> open, CancellationToken cancellation)
    {
        IsComplete = true;
        foreach (var node in target.NodeNames)
        {
            var links = LinkRules.From(node, target.NodeNames, open);
            var inside = InsideFaults.Of(open.Where(fault => fault.Nodes.Contains(node)).Select(fault => fault.Plan));
            var (knownLinks, knownInside) = told.GetValueOrDefault(node, ([], InsideFaults.None));
            if (links.SequenceEqual(knownLinks) && inside == knownInside)
            {
                continue;
            }

            var life = await target.LifeAsync(node, cancellation).ConfigureAwait(false);
            if (life == NodeLife.Dead)
            {
                told.Remove(node);
                IsComplete &= links.Count == 0 && inside == InsideFaults.None;
                continue;
            }

            var done = life == NodeLife.Running
                && (links.SequenceEqual(knownLinks) || await target.SetLinksAsync(node, links, cancellation).ConfigureAwait(false))
                && (inside == knownInside || await target.SetInsideAsync(node, inside, cancellation).ConfigureAwait(false));
            if (done)
            {
                told[node] = (links, inside);
            }

            IsComplete &= done;
        }

        return IsComplete;
    }
}
