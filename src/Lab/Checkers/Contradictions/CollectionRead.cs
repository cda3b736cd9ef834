using Cluster.Lab.Histories;

namespace Cluster.Lab.Checkers.Contradictions;

/// <summary>What one read of a set or a list found.</summary>
/// <param name="Values">In the order of the answer.</param>
internal sealed record CollectionRead(Operation Read, IReadOnlyList<string> Values, HashSet<string> Distinct)
{
    public CollectionRead(Operation read, IReadOnlyList<string> values)
        : this(read, values, values.ToHashSet(StringComparer.Ordinal))
    {
    }
}
