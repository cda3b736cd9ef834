using Cluster.Shared.Http;

namespace Cluster.Lab.Schedules;

/// <summary>Who holds an office of the cluster, as one view says. Pure, so that real and simulated clusters fill roles alike.</summary>
public static class OfficeHolder
{
    /// <summary>The node; null when the view knows none.</summary>
    public static string? Find(string office, IReadOnlyList<ShardView> shards, IReadOnlyList<SingletonView> singletons)
    {
        ArgumentNullException.ThrowIfNull(office);
        return office.StartsWith(FaultRole.Singleton, StringComparison.Ordinal)
            ? singletons.FirstOrDefault(singleton => singleton.Name == office[FaultRole.Singleton.Length..])?.Node
            : shards.Where(shard => shard.Shard > 0 && shard.Leader is not null)
                .CountBy(shard => shard.Leader!).OrderByDescending(led => led.Value).ThenBy(led => led.Key, StringComparer.Ordinal)
                .Select(led => led.Key).FirstOrDefault();
    }
}
