namespace Cluster.Modes.Federated;

/// <summary>From when on a cluster is the home of a group: a decision of one cluster's consensus, told to all others.</summary>
/// <param name="Number">Rises with each change of home.</param>
/// <param name="Home">The cluster that takes writes.</param>
/// <param name="At">
/// The last write of earlier homes that this one has: whatever they took after it had not been replicated. After a planned move there is none of that; after a failover it is the recovery point.
/// </param>
public sealed record HomeEpoch(long Number, string Home, WriteVersion At)
{
    /// <summary>Below 0: that one is later; 0: it is the same.</summary>
    public int CompareTo(HomeEpoch other) => Number != other.Number ? Number.CompareTo(other.Number) : string.CompareOrdinal(Home, other.Home);

    /// <summary>Whether a write was taken under an earlier home than this.</summary>
    public bool IsAfter(WriteVersion version) => Number != version.Epoch ? Number > version.Epoch : string.CompareOrdinal(Home, version.Home) > 0;
}
