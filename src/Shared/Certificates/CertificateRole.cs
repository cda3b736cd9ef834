namespace Cluster.Shared.Certificates;

/// <summary>What the holder of a certificate may be.</summary>
public enum CertificateRole
{
    /// <summary>A node: it may join the cluster under the certificate's name, and no other.</summary>
    Node,

    /// <summary>A client: it may prove at a front door that it belongs to the lab. It can never speak as a node.</summary>
    Client,
}
