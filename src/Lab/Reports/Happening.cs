using Cluster.Shared.Http;

namespace Cluster.Lab.Reports;

/// <summary>Something that the cluster told of itself while the history was recorded.</summary>
/// <param name="At">Nanoseconds on the history's clock.</param>
/// <param name="Node">Who told it.</param>
/// <param name="Kind">leader, member, reachability, storage, mode, move.</param>
public sealed record Happening(long At, string Node, string Kind, string Text)
{
    /// <summary>What a node told, as a report shows it; null for what came before, and for what is told too often to be read.</summary>
    /// <param name="beginning">When the history began, on the nodes' clocks.</param>
    public static Happening? Of(ClusterEventView told, DateTimeOffset beginning)
    {
        var kind = told.Kind switch
        {
            ClusterEventKind.LeaderChanged => "leader",
            ClusterEventKind.MemberChanged => "member",
            ClusterEventKind.ReachabilityChanged => "reachability",
            ClusterEventKind.EntriesMissing or ClusterEventKind.StorageChanged => "storage",
            ClusterEventKind.ModeChanged => "mode",
            _ => "move",
        };
        var at = (told.At - beginning).Ticks * TimeSpan.NanosecondsPerTick;
        return at < 0 ? null : new Happening(at, told.Node, kind, told.Text);
    }
}
