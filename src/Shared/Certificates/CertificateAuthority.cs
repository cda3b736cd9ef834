using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Cluster.Shared.Certificates;

/// <summary>
/// A lab's own certificate authority: an ECDSA P-256 key that signs certificates for the nodes and clients of one cluster, and nothing else. Who holds its key
/// can make members, so it stays with whoever runs the lab and never goes to a node.
/// </summary>
public sealed class CertificateAuthority : IDisposable
{
    private static readonly Oid ServerUse = new("1.3.6.1.5.5.7.3.1");
    private static readonly Oid ClientUse = new("1.3.6.1.5.5.7.3.2");

    /// <summary>Clocks of a lab's machines may differ by this much; a certificate made now is good now on each.</summary>
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromMinutes(5);

    private readonly X509Certificate2 certificate;

    private CertificateAuthority(X509Certificate2 certificate) => this.certificate = certificate;

    /// <summary>The authority's own certificate: what every node and client is given to verify others by.</summary>
    public string CertificatePem => certificate.ExportCertificatePem();

    public DateTimeOffset ValidUntil => certificate.NotAfter;

    /// <summary>Makes a new authority with a new key.</summary>
    public static CertificateAuthority Create(string cluster, DateTimeOffset now, TimeSpan validity)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(Name($"{cluster} lab CA"), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(X509BasicConstraintsExtension.CreateForCertificateAuthority(pathLengthConstraint: 0));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        return new CertificateAuthority(request.CreateSelfSigned(now - ClockTolerance, now + validity));
    }

    /// <summary>Reads an authority from its PEM files.</summary>
    /// <exception cref="CertificateException">They are not a certificate with its key.</exception>
    public static CertificateAuthority Load(string certificateFile, string keyFile)
    {
        try
        {
            return new CertificateAuthority(X509Certificate2.CreateFromPem(File.ReadAllText(certificateFile), File.ReadAllText(keyFile)));
        }
        catch (Exception error) when (error is CryptographicException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            throw new CertificateException($"{certificateFile} with {keyFile} is no certificate authority that can be used: {error.Message}", error);
        }
    }

    /// <summary>The private key, PKCS#8 PEM.</summary>
    public string ExportKeyPem()
    {
        using var key = certificate.GetECDsaPrivateKey() ?? throw new CertificateException($"the key of {certificate.Subject} is no ECDSA key");
        return key.ExportPkcs8PrivateKeyPem();
    }

    /// <summary>Signs a new certificate with a new key, good from now on. It never outlives the authority.</summary>
    /// <param name="hosts">IP addresses and DNS names by which clients reach the holder.</param>
    public IssuedCertificate Issue(CertificateIdentity identity, IReadOnlyList<string> hosts, DateTimeOffset now, TimeSpan validity) =>
        Issue(identity, hosts, now - ClockTolerance, now + validity);

    /// <summary>Signs a new certificate with a new key for a stated time.</summary>
    public IssuedCertificate Issue(CertificateIdentity identity, IReadOnlyList<string> hosts, DateTimeOffset from, DateTimeOffset until)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(Name(identity.Name), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(X509BasicConstraintsExtension.CreateForEndEntity(critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));

        // A node serves its peers and dials them; a client only dials.
        OidCollection uses = identity.Role == CertificateRole.Node ? [ServerUse, ClientUse] : [ClientUse];
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension(uses, critical: false));
        request.CertificateExtensions.Add(new SubjectNames([identity.ToString()], hosts).ToExtension());
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(certificate, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        var serial = RandomNumberGenerator.GetBytes(16);
        serial[0] &= 0x7F; // A serial number is positive.
        DateTimeOffset first = certificate.NotBefore;
        DateTimeOffset last = certificate.NotAfter;
        using var issued = request.Create(certificate, from < first ? first : from, until > last ? last : until, serial);
        return new IssuedCertificate(issued.ExportCertificatePem() + "\n", key.ExportPkcs8PrivateKeyPem() + "\n");
    }

    public void Dispose() => certificate.Dispose();

    private static X500DistinguishedName Name(string commonName)
    {
        var name = new X500DistinguishedNameBuilder();
        name.AddCommonName(commonName);
        return name.Build();
    }
}
