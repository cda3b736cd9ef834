using System.Text;
using Cluster.Shared.Http;
using Cluster.Shared.Slots;

namespace Cluster.Client.Tour;

/// <summary>The shard whose leader is killed: the one with the most workload keys, so that what happens to it is well seen.</summary>
internal sealed record TourTarget(ShardView Shard, string Leader, IReadOnlyList<string> Keys)
{
    public string Name => "s" + Shard.Shard.ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Null if no shard has both a leader and a key.</summary>
    public static TourTarget? Choose(ClusterView view, IReadOnlyList<string> keys) => view.Shards
        .Where(shard => shard is { Shard: > 0, Leader: not null })
        .Select(shard => new TourTarget(shard, shard.Leader!, KeysOf(shard, keys)))
        .Where(target => target.Keys.Count > 0)
        .OrderByDescending(target => target.Keys.Count).ThenBy(target => target.Shard.Shard)
        .FirstOrDefault();

    public static IReadOnlyList<string> KeysOf(ShardView shard, IReadOnlyList<string> keys) =>
        [.. keys.Where(key => HashSlot.Of(Encoding.UTF8.GetBytes(key)) is var slot && slot >= shard.FirstSlot && slot <= shard.LastSlot)];
}
