using System.Collections.Immutable;

namespace Cluster.Modes.Quorum;

/// <summary>
/// The nodes that one request deals with: the key's preferred ones, and with a sloppy quorum whoever stands in for those that are away, each with a hint for whom (Dynamo, section 4.6).
/// </summary>
/// <param name="order">The ring's order for the key.</param>
/// <param name="self">The coordinator, which is asked first: it costs no message.</param>
internal sealed class CopyTargets(ImmutableArray<string> order, string self, bool isSloppy)
{
    private readonly List<(string Node, string? For)> targets = [.. order.Take(QuorumDial.Copies).Select(node => (node, (string?)null))];

    public ImmutableArray<string> Preferred { get; } = [.. order.Take(QuorumDial.Copies)];

    public IEnumerable<string> All => targets.OrderBy(target => target.Node == self ? 0 : 1).Select(target => target.Node);

    /// <summary>Whom to ask, the coordinator first and whoever is away last. The others in turn, by the request's number: so the readers of a key are spread over its copies.</summary>
    public IEnumerable<string> InTurn(long number, IReadOnlySet<string> away) => targets
        .Select((target, place) => (target.Node, Turn: (place + number) % targets.Count))
        .OrderBy(target => away.Contains(target.Node) ? 1 : 0).ThenBy(target => target.Node == self ? 0 : 1).ThenBy(target => target.Turn)
        .Select(target => target.Node);

    /// <summary>For whom this node stands in; null: for nobody.</summary>
    public string? HintFor(string node) => targets.Find(target => target.Node == node).For;

    public bool Has(string node) => targets.Exists(target => target.Node == node);

    /// <summary>Finds somebody for each preferred node that is away and has nobody yet who is there.</summary>
    public void StandIn(IReadOnlySet<string> away)
    {
        if (!isSloppy)
        {
            return;
        }

        foreach (var missed in Preferred.Where(node => away.Contains(node) && !targets.Exists(target => target.For == node && !away.Contains(target.Node))))
        {
            if (order.Skip(QuorumDial.Copies).FirstOrDefault(node => !away.Contains(node) && !Has(node)) is { } fallback)
            {
                targets.Add((fallback, missed));
            }
        }
    }
}
