using Cluster.Engine.Port;
using Cluster.Modes.Storage;

namespace Cluster.Modes.MultiMaster;

/// <summary>A <c>where</c> that waits for what the other replicas have.</summary>
internal sealed class KeyXray(IActorRef client, string key, IReadOnlyList<string> nodes)
{
    private readonly Dictionary<string, string?> told = new(StringComparer.Ordinal);

    public IActorRef Client => client;

    public bool IsComplete => told.Count == nodes.Count;

    public void Told(string node, string? versions) => told[node] = versions;

    /// <param name="difference">In how many buckets of keys this node differed from another when they were compared last.</param>
    public KeyWhereabouts Answer(string asked, int? difference, double? repairedMsAgo)
    {
        var mine = told.GetValueOrDefault(asked);
        return new KeyWhereabouts(key, null, [.. nodes.Select(node => new ReplicaWhereabouts(node, told.GetValueOrDefault(node), State(node, mine)))])
        {
            Place = "every node has every key and takes writes to it",
            MerkleDifference = difference,
            LastRepairMsAgo = repairedMsAgo,
        };
    }

    private string State(string node, string? mine) => !told.TryGetValue(node, out var versions) ? "no answer"
        : versions == mine ? (mine is null ? "missing" : "the same")
        : versions is null ? "missing"
        : "another state";
}
