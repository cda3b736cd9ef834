namespace Cluster.Modes.Federated;

/// <summary>
/// What one node knows, without asking anybody: who the homes are, how fresh its cluster's copies are, and when other clusters were last heard. Homes are hints, since the group itself decides; freshness is certain,
/// being measured on this node's own clock from the moment at which it asked.
/// </summary>
internal sealed class HomeBoard
{
    private readonly Dictionary<string, HomeEpoch> homes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TimeSpan> freshAt = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TimeSpan> heardAt = new(StringComparer.Ordinal);

    /// <returns>Whether that is news.</returns>
    public bool Note(string group, HomeEpoch home)
    {
        if (Home(group).CompareTo(home) >= 0)
        {
            return false;
        }

        homes[group] = home;
        return true;
    }

    public HomeEpoch Home(string group) => homes.GetValueOrDefault(group) ?? Lineage.Current([], RegionMap.RegionOf(group));

    /// <summary>Whatever the home had acknowledged at that time is in this cluster's copy.</summary>
    public void Fresh(string group, TimeSpan askedAt)
    {
        if (FreshAt(group) is not { } known || known < askedAt)
        {
            freshAt[group] = askedAt;
        }
    }

    public TimeSpan? FreshAt(string group) => freshAt.TryGetValue(group, out var at) ? at : null;

    public void Heard(string cluster, TimeSpan at)
    {
        if (HeardAt(cluster) is not { } known || known < at)
        {
            heardAt[cluster] = at;
        }
    }

    /// <summary>Null: never.</summary>
    public TimeSpan? HeardAt(string cluster) => heardAt.TryGetValue(cluster, out var at) ? at : null;
}
