using System.Globalization;
using System.Text;
using Cluster.Shared.Slots;

namespace Cluster.Modes.Federated;

/// <summary>Which region a key belongs to, and which group of it. Each federated cluster has one region, of its name. Pure: every node of every cluster comes to the same.</summary>
public sealed class RegionMap
{
    /// <summary>Groups of a region: each is a Raft group's entity and a replication stream of its own, so they go on side by side; a failover is a decision in each of them.</summary>
    public const int Groups = 4;

    public RegionMap(string here, IReadOnlyList<string> others)
    {
        Here = here;
        Regions = [.. others.Append(here).Order(StringComparer.Ordinal)];
    }

    /// <summary>This node's cluster.</summary>
    public string Here { get; }

    /// <summary>All of them, in ordinal order.</summary>
    public IReadOnlyList<string> Regions { get; }

    public IEnumerable<string> AllGroups => Regions.SelectMany(GroupsOf);

    public static IEnumerable<string> GroupsOf(string region) => Enumerable.Range(0, Groups).Select(number => IdOf(region, number));

    /// <summary>The region of a group, whose id begins with it.</summary>
    public static string RegionOf(string group) => group[..group.LastIndexOf('/')];

    /// <summary>A key that begins with a region's name and a colon belongs to it; any other goes by its hash.</summary>
    public string RegionOfKey(string key)
    {
        var colon = key.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 && Regions.Contains(key[..colon]) ? key[..colon] : Regions[HashSlot.Of(Encoding.UTF8.GetBytes(key)) / Groups % Regions.Count];
    }

    public string GroupOfKey(string key) => IdOf(RegionOfKey(key), HashSlot.Of(Encoding.UTF8.GetBytes(key)) % Groups);

    private static string IdOf(string region, int number) => string.Create(CultureInfo.InvariantCulture, $"{region}/{number}");
}
