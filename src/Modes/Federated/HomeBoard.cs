using System.Collections.Immutable;

namespace Cluster.Modes.Federated;

/// <summary>
/// What one node knows, without asking anybody: who the homes are, how fresh its cluster's copies are, and when other clusters were last heard. Homes are hints, since the group itself decides; freshness is certain,
/// being measured on this node's own clock from the moment at which it asked. What this cluster's groups and the other clusters' have said themselves is kept apart from hints: by it a node that has just started knows whether
/// it may ask a group for a write.
/// </summary>
internal sealed class HomeBoard
{
    private readonly Dictionary<string, HomeEpoch> homes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HomeEpoch> own = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Cluster, string Group), HomeEpoch> told = [];
    private readonly Dictionary<string, TimeSpan> freshAt = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TimeSpan> heardAt = new(StringComparer.Ordinal);

    /// <summary>What others of their own have said, one entry for each cluster and group.</summary>
    public ImmutableArray<ToldHome> AllTold => [.. told.Select(one => new ToldHome(one.Key.Cluster, one.Key.Group, one.Value)).OrderBy(one => one.Cluster, StringComparer.Ordinal).ThenBy(one => one.Group, StringComparer.Ordinal)];

    /// <summary>A hint.</summary>
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

    /// <summary>The word of this cluster's own group.</summary>
    /// <returns>Whether that is news.</returns>
    public bool NoteOwn(string group, HomeEpoch home)
    {
        if (Own(group) is not { } known || known.CompareTo(home) < 0)
        {
            own[group] = home;
        }

        return Note(group, home);
    }

    /// <summary>Null: it has not said anything here.</summary>
    public HomeEpoch? Own(string group) => own.GetValueOrDefault(group);

    /// <summary>The word of another cluster's group.</summary>
    public void Told(string cluster, string group, HomeEpoch home)
    {
        if (!told.TryGetValue((cluster, group), out var known) || known.CompareTo(home) < 0)
        {
            told[(cluster, group)] = home;
        }
    }

    /// <summary>Whether every one of those clusters has named this group's home, and this cluster's own group has learnt of all that they named.</summary>
    public bool IsSure(string group, IEnumerable<string> others) =>
        Own(group) is { } known && others.All(other => told.TryGetValue((other, group), out var named) && known.CompareTo(named) >= 0);

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
