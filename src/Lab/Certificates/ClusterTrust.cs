using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Cluster.Shared.Certificates;
using Cluster.Shared.Files;

namespace Cluster.Lab.Certificates;

/// <summary>How a client verifies a lab's nodes: by the lab's own authority and by the address that it connects to. The system's store is not asked.</summary>
public sealed class ClusterTrust
{
    private readonly X509Certificate2Collection authorities;

    private ClusterTrust(X509Certificate2Collection authorities) => this.authorities = authorities;

    /// <exception cref="LabException">The file cannot be used.</exception>
    public static ClusterTrust Load(string authorityFile)
    {
        try
        {
            return new ClusterTrust(CertificateSet.LoadAuthorities(authorityFile));
        }
        catch (CertificateException unusable)
        {
            throw new LabException(unusable.Message, unusable);
        }
    }

    /// <summary>Null for a node whose doors speak plaintext.</summary>
    /// <exception cref="LabException">The authority's file cannot be used.</exception>
    public static ClusterTrust? Of(ClusterFileNode node) => node.Ca is { } file ? Load(file) : null;

    /// <summary>For one connection, made now.</summary>
    public SslClientAuthenticationOptions Options(string host) => new()
    {
        TargetHost = host,
        EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        CertificateChainPolicy = CertificateVerifier.Policy(authorities, asServer: true, TimeProvider.System.GetUtcNow()),
    };
}
