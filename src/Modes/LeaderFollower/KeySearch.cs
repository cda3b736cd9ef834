using Cluster.Modes.Storage;

namespace Cluster.Modes.LeaderFollower;

/// <summary>A question to all replicas for what they have of a key.</summary>
/// <param name="Asked">The members that were up.</param>
internal sealed record KeySearch(string Key, IReadOnlyList<string> Asked)
{
    /// <summary>What came back, by node.</summary>
    public Dictionary<string, CopyRead> Found { get; } = new(StringComparer.Ordinal);

    /// <param name="leader">The leader; null where none is known.</param>
    /// <param name="epoch">Its epoch.</param>
    public KeyWhereabouts Whereabouts(string? leader, long epoch)
    {
        var newest = Found.Values.Select(found => (found.Epoch, found.Position)).DefaultIfEmpty().Max();
        var committed = Found.Values.Select(found => found.Commit).DefaultIfEmpty().Max();
        return new KeyWhereabouts(Key, leader, [.. Asked.OrderBy(name => name != leader).Select(name => Of(name, newest, committed))])
        {
            Place = $"epoch {epoch}, log: {string.Join(", ", Asked.Select(name => Found.TryGetValue(name, out var found) ? $"{name} {found.Commit}/{found.End}" : $"{name} ?"))} (committed/end)",
        };
    }

    private ReplicaWhereabouts Of(string name, (long Epoch, long Position) newest, long committed)
    {
        if (!Found.TryGetValue(name, out var found))
        {
            return new ReplicaWhereabouts(name, null, "no answer");
        }

        var version = found.Position == 0 ? null : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{found.Epoch}.{found.Position}");
        var state = (found.Epoch, found.Position) == newest ? version is null ? "missing" : "current" : found.Commit < committed ? "behind" : "deleted";
        return new ReplicaWhereabouts(name, version, state);
    }
}
