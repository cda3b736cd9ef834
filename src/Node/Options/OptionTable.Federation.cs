using Cluster.Engine.Federation;
using Cluster.Shared.Ids;

namespace Cluster.Node.Options;

/// <content>Which other clusters are let in, to registered actors only, and where they are found.</content>
internal static partial class OptionTable
{
    /// <summary>Each is a link to every contact from every node: more clusters than this want a hub between them.</summary>
    private const int MaxFederated = 8;

    private static IReadOnlyList<OptionSpec> Federation =>
    [
        new("--federate", "CLUSTER_FEDERATE", "NAME=HOST:PORT,...", "none", "Another cluster to be federated with, by its name and remoting addresses of some of its nodes; may be given several times (as a variable: with ';' between).", Federate),
    ];

    private static IEnumerable<string> FederationContradictions(NodeOptions options)
    {
        if (options.Federated.FirstOrDefault(other => other.Name == options.Cluster) is { } itself)
        {
            yield return $"--federate {itself.Name} names this node's own cluster: a cluster is federated with others, and each needs a name of its own";
        }

        if (options.Federated.FirstOrDefault(other => other.Contacts.Any(options.Seeds.Contains)) is { } mixed)
        {
            yield return $"--federate {mixed.Name} names one of this cluster's own seeds as a contact: a node belongs to one cluster";
        }
    }

    private static string? Federate(string value, ref NodeOptions options)
    {
        foreach (var part in value.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0 || !ClusterName().IsMatch(part[..equals]))
            {
                return $"'{part}' is no cluster with its contacts: write west=10.0.0.4:4053,10.0.0.5:4053";
            }

            var contacts = new List<NodeAddress>();
            foreach (var text in Parts(part[(equals + 1)..]))
            {
                if (!NodeAddress.TryParse(text, out var contact))
                {
                    return $"'{text}' is not an address: write host:port, for example 127.0.0.1:4056";
                }

                contacts.Add(contact);
            }

            if (contacts.Count is 0 or > MaxSeeds)
            {
                return $"{part[..equals]} needs 1 to {MaxSeeds} contacts, with commas between";
            }

            if (options.Federated.Any(known => known.Name == part[..equals]))
            {
                return $"cluster {part[..equals]} is named twice: give all its contacts at once";
            }

            options = options with { Federated = [.. options.Federated, new FederatedCluster(part[..equals], contacts)] };
        }

        return options.Federated.Count <= MaxFederated ? null : $"a cluster is federated with {MaxFederated} others at most";
    }
}
