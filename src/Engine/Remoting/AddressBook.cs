using System.Collections.Immutable;
using Cluster.Shared.Ids;

namespace Cluster.Engine.Remoting;

/// <summary>
/// Where each node's remoting listens, as the member list and handshakes say it: the word of a node's newest incarnation counts. Written by membership,
/// read from any thread.
/// </summary>
public sealed class AddressBook
{
    private readonly Lock gate = new();
    private ImmutableDictionary<NodeId, Line> lines = ImmutableDictionary<NodeId, Line>.Empty;

    /// <summary>Looks a node's address up; false for one not heard of yet.</summary>
    public bool TryFind(NodeId node, out NodeAddress address)
    {
        var known = Volatile.Read(ref lines).TryGetValue(node, out var line);
        address = line.Address;
        return known;
    }

    /// <summary>Notes where an incarnation of a node listens; an older incarnation's word changes nothing.</summary>
    public void Learn(NodeId node, NodeAddress address, Incarnation incarnation)
    {
        lock (gate)
        {
            if (!node.IsNone && (!lines.TryGetValue(node, out var known) || incarnation >= known.Incarnation))
            {
                Volatile.Write(ref lines, lines.SetItem(node, new Line(address, incarnation)));
            }
        }
    }

    /// <summary>The node was removed from the cluster.</summary>
    public void Forget(NodeId node)
    {
        lock (gate)
        {
            Volatile.Write(ref lines, lines.Remove(node));
        }
    }

    private readonly record struct Line(NodeAddress Address, Incarnation Incarnation);
}
