namespace Cluster.Shared.Certificates;

/// <summary>A new certificate with its private key, both as PEM. The key is a secret: it belongs in a file that only its owner may read.</summary>
public sealed record IssuedCertificate(string CertificatePem, string KeyPem)
{
    /// <summary>Keeps the key out of logs.</summary>
    public override string ToString() => CertificatePem;
}
