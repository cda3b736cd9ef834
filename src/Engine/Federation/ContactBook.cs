using Cluster.Shared.Ids;

namespace Cluster.Engine.Federation;

/// <summary>The contacts of one other cluster: which links stand, and whose turn is next. Not safe for several threads; its owner locks.</summary>
internal sealed class ContactBook(FederatedCluster cluster)
{
    private readonly HashSet<NodeAddress> up = [];
    private int turn;

    public string Name => cluster.Name;

    public IReadOnlyList<NodeAddress> Contacts => cluster.Contacts;

    public bool Has(NodeAddress address) => cluster.Contacts.Contains(address);

    public void Note(NodeAddress address, bool isUp)
    {
        if (isUp && Has(address))
        {
            up.Add(address);
        }
        else
        {
            up.Remove(address);
        }
    }

    /// <summary>Each time the next contact whose link stands: one that takes messages and answers none, being stopped or half cut off, costs its share of them and no more. Null: none stands.</summary>
    public NodeAddress? Next()
    {
        for (var tried = 0; tried < cluster.Contacts.Count; tried++)
        {
            turn = (turn + 1) % cluster.Contacts.Count;
            if (up.Contains(cluster.Contacts[turn]))
            {
                return cluster.Contacts[turn];
            }
        }

        return null;
    }
}
