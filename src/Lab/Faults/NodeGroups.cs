namespace Cluster.Lab.Faults;

/// <summary>
/// The sides of a partition, as people write them: <c>n1,n2 / n3</c>. Two sides or more; a node stands on one side. Nodes that are not named
/// keep all their links: they are the bridge.
/// </summary>
public sealed record NodeGroups(IReadOnlyList<IReadOnlyList<string>> Sides)
{
    /// <summary>Every ordered pair of nodes that stand on different sides.</summary>
    public IEnumerable<(string From, string To)> CutPairs() =>
        from side in Sides
        from other in Sides
        where !ReferenceEquals(side, other)
        from node in side
        from peer in other
        select (node, peer);

    public override string ToString() => string.Join(" / ", Sides.Select(side => string.Join(',', side)));

    /// <exception cref="FormatException">The text is not a partition of these nodes; the message says why.</exception>
    public static NodeGroups Parse(string text, IReadOnlyCollection<string> nodes)
    {
        var sides = text.Split('/').Select(side => side.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries)).ToList();
        if (sides.Count < 2 || sides.Exists(side => side.Length == 0))
        {
            throw new FormatException($"'{text}' is not a partition: write the sides with a slash between, for example n1,n2 / n3");
        }

        var seen = new HashSet<string>();
        foreach (var name in sides.SelectMany(side => side))
        {
            if (!nodes.Contains(name))
            {
                throw new FormatException($"there is no node '{name}'; the nodes are {string.Join(", ", nodes)}");
            }

            if (!seen.Add(name))
            {
                throw new FormatException($"'{name}' stands in the partition twice");
            }
        }

        return new NodeGroups([.. sides]);
    }

    /// <summary>One node on its own against all the others.</summary>
    public static NodeGroups Isolate(string node, IReadOnlyCollection<string> nodes) => new([[node], [.. nodes.Where(other => other != node)]]);
}
