using Cluster.Modes.Hosting;
using Cluster.Shared.Slots;

namespace Cluster.Modes.Sharded;

/// <summary>
/// Only in a broken variant: no map, a key's owner is <c>hash % n</c> of the nodes that can be reached. When one more or less can be, nearly all keys have another owner, where nothing of them is.
/// </summary>
internal sealed class ModuloRouting
{
    private IReadOnlyList<string> nodes = [];

    /// <summary>Of all hash slots, how many have another owner when these nodes become those.</summary>
    public static int Moved(IReadOnlyList<string> before, IReadOnlyList<string> after) =>
        before.Count == 0 || after.Count == 0 ? 0 : Enumerable.Range(0, HashSlot.Count).Count(slot => before[slot % before.Count] != after[slot % after.Count]);

    /// <summary>Null: there is no node. Tells what a change of nodes has moved.</summary>
    public string? OwnerOf(string place, IModeNode node)
    {
        IReadOnlyList<string> now = [.. node.Members.Current.Where(member => member is { IsUp: true, IsReachable: true }).Select(member => member.Name.ToString()).Order(StringComparer.Ordinal)];
        if (!now.SequenceEqual(nodes))
        {
            if (nodes.Count > 0)
            {
                node.Tell($"{node.Name} routes by hash % {now.Count} instead of {nodes.Count}: {100.0 * Moved(nodes, now) / HashSlot.Count:0} % of all keys have another owner");
            }

            nodes = now;
        }

        return nodes.Count == 0 ? null : nodes[HashSlot.Of(System.Text.Encoding.UTF8.GetBytes(place)) % nodes.Count];
    }
}
