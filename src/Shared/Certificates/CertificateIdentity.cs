namespace Cluster.Shared.Certificates;

/// <summary>
/// Who a certificate speaks for, as its URI name says: <c>cluster://lab/node/n1</c>. Compared letter by letter, so that two ways to write one name never meet.
/// </summary>
/// <param name="Cluster">The cluster's name.</param>
/// <param name="Name">The node's name, or the client's.</param>
public sealed record CertificateIdentity(string Cluster, CertificateRole Role, string Name)
{
    private const string Scheme = "cluster://";

    /// <summary>Reads the URI form. False for any other URI.</summary>
    public static bool TryParse(string uri, out CertificateIdentity? identity)
    {
        identity = null;
        if (!uri.StartsWith(Scheme, StringComparison.Ordinal) || uri[Scheme.Length..].Split('/') is not [{ Length: > 0 } cluster, var role, { Length: > 0 } name])
        {
            return false;
        }

        identity = role switch
        {
            "node" => new CertificateIdentity(cluster, CertificateRole.Node, name),
            "client" => new CertificateIdentity(cluster, CertificateRole.Client, name),
            _ => null,
        };
        return identity is not null;
    }

    public override string ToString() => $"{Scheme}{Cluster}/{(Role == CertificateRole.Node ? "node" : "client")}/{Name}";
}
