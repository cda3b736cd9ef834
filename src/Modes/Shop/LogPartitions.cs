namespace Cluster.Modes.Shop;

/// <summary>How orders are spread over a mode's logs: by id, the same on every node.</summary>
internal static class LogPartitions
{
    /// <summary>Logs, each with one write under way from each node: enough to keep all shards busy, few enough that each node looks through all of them every two seconds.</summary>
    public const int Count = 8;

    /// <summary>The entity ids of all logs.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Enumerable.Range(0, Count).Select(log => FormattableString.Invariant($"{log}"))];

    public static int Of(string order)
    {
        var hash = 2166136261u; // FNV-1a, since a string's own hash is another one in each process.
        foreach (var character in order)
        {
            hash = (hash ^ character) * 16777619u;
        }

        return (int)(hash % Count);
    }

    public static string NameOf(string order) => All[Of(order)];
}
