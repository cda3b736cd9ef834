using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Cluster.Shared.Certificates;

/// <summary>
/// A holder's certificate with its key, and the authorities that it verifies others by: read from files once, checked, then unchanged. Whatever is wrong with the
/// files is refused here, with what, where, and what to do, and not by a handshake later.
/// </summary>
public sealed class CertificateSet
{
    private CertificateSet(X509Certificate2 certificate, X509Certificate2Collection intermediates, X509Certificate2Collection authorities, IReadOnlyList<string> warnings)
    {
        (Certificate, Intermediates, Authorities, Warnings) = (certificate, intermediates, authorities, warnings);
        Identity = SubjectNames.Of(certificate).Identity;
    }

    /// <summary>With its private key.</summary>
    public X509Certificate2 Certificate { get; }

    public X509Certificate2Collection Intermediates { get; }

    /// <summary>Empty where nobody is verified.</summary>
    public X509Certificate2Collection Authorities { get; }

    /// <summary>Who the certificate speaks for, if it says so.</summary>
    public CertificateIdentity? Identity { get; }

    /// <summary>What works but should not stay so.</summary>
    public IReadOnlyList<string> Warnings { get; }

    public DateTimeOffset ValidUntil => Certificate.NotAfter;

    /// <summary>Reads and checks the files.</summary>
    /// <param name="mustBe">Who the certificate has to speak for; null for anybody.</param>
    /// <exception cref="CertificateException">They cannot be used.</exception>
    public static CertificateSet Load(CertificatePaths paths, CertificateIdentity? mustBe, DateTimeOffset now)
    {
        var pem = Read(paths.Certificate, "certificate");
        var keyPem = Read(paths.Key, "private key");
        var all = Import(paths.Certificate, pem, "certificate");
        var authorities = paths.Authorities is { } file ? Import(file, Read(file, "authority's certificate"), "authority's certificate") : [];
        var certificate = WithKey(paths, pem, keyPem);
        var intermediates = new X509Certificate2Collection(all.Skip(1).ToArray());
        if (CertificateVerifier.WhyNotNow(certificate, now) is { } outOfTime)
        {
            throw new CertificateException($"the certificate {paths.Certificate} cannot be used: {outOfTime}");
        }

        // Verified as others will verify it, so that a mistake shows at this node's start and not in the others' logs.
        if (authorities.Count > 0 && CertificateVerifier.WhyNot(certificate, authorities, asServer: mustBe is null || mustBe.Role == CertificateRole.Node, now, intermediates) is { } untrusted)
        {
            throw new CertificateException($"the certificate {paths.Certificate} does not pass {paths.Authorities}: {untrusted}");
        }

        var set = new CertificateSet(certificate, intermediates, authorities, OthersMayRead(paths.Key) ? [$"the private key {paths.Key} may be read by every user of this machine: chmod 600 it"] : []);
        if (mustBe is not null && set.Identity != mustBe)
        {
            throw new CertificateException($"the certificate {paths.Certificate} is that of {set.Identity?.ToString() ?? "nobody (it has no URI name cluster://CLUSTER/node/NAME)"}, but this is {mustBe}: "
                + $"give the certificate that was made for it ('lab certs --cluster {mustBe.Cluster} --nodes {mustBe.Name}' makes one)");
        }

        return set;
    }

    /// <summary>Reads authorities' certificates alone: what a client needs that shows no certificate of its own.</summary>
    /// <exception cref="CertificateException">The file cannot be used.</exception>
    public static X509Certificate2Collection LoadAuthorities(string file) => Import(file, Read(file, "authority's certificate"), "authority's certificate");

    private static string Read(string file, string what)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new CertificateException($"the {what} {file} cannot be read: {error.Message}", error);
        }
    }

    private static X509Certificate2Collection Import(string file, string pem, string what)
    {
        var found = new X509Certificate2Collection();
        try
        {
            found.ImportFromPem(pem);
        }
        catch (CryptographicException error)
        {
            throw new CertificateException($"the {what} {file} cannot be parsed: {error.Message}", error);
        }

        return found.Count > 0 ? found : throw new CertificateException($"the {what} {file} holds none: it must be PEM, with -----BEGIN CERTIFICATE-----");
    }

    private static X509Certificate2 WithKey(CertificatePaths paths, string pem, string keyPem)
    {
        if (keyPem.Contains("ENCRYPTED PRIVATE KEY", StringComparison.Ordinal))
        {
            throw new CertificateException($"the private key {paths.Key} is encrypted, and a node that starts by itself has nobody to ask for its password: store it without ('openssl pkey -in {paths.Key}')");
        }

        try
        {
            return X509Certificate2.CreateFromPem(pem, keyPem);
        }
        catch (Exception error) when (error is CryptographicException or ArgumentException)
        {
            var why = keyPem.Contains("PRIVATE KEY-----", StringComparison.Ordinal) ? "is not the key of" : "is no PEM private key, and so not that of";
            throw new CertificateException($"{paths.Key} {why} the certificate {paths.Certificate}: give the two that were made together", error);
        }
    }

    private static bool OthersMayRead(string file) => !OperatingSystem.IsWindows() && (File.GetUnixFileMode(file) & UnixFileMode.OtherRead) != 0;
}
