using System.Security.Cryptography.X509Certificates;
using Cluster.Engine.Remoting.Tls;
using Cluster.Shared.Certificates;

namespace Cluster.Engine.Tests.Remoting;

/// <summary>An authority that lives as long as a test, and the files of those it made certificates for.</summary>
public sealed class TestCertificates : IDisposable
{
    private readonly Lazy<CertificateAuthority> authority = new(() => CertificateAuthority.Create("lab", TimeProvider.System.GetUtcNow() - TimeSpan.FromDays(100), TimeSpan.FromDays(200)));
    private readonly Lazy<string> directory = new(() => Directory.CreateTempSubdirectory("remoting-tls-").FullName);
    private readonly List<CertificateSource> sources = [];

    public CertificateAuthority Authority => authority.Value;

    public static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    public static CertificateIdentity NodeOf(string cluster, string name) => new(cluster, CertificateRole.Node, name);

    /// <summary>The files of a certificate that this authority made, verifying others by <paramref name="trusted"/>.</summary>
    public CertificatePaths Write(string name, IssuedCertificate issued, string? trusted = null)
    {
        var at = Path.Combine(directory.Value, name);
        File.WriteAllText(at + ".crt", issued.CertificatePem);
        File.WriteAllText(at + ".key", issued.KeyPem);
        File.WriteAllText(at + ".ca", trusted ?? Authority.CertificatePem);
        return new CertificatePaths(at + ".crt", at + ".key", at + ".ca");
    }

    /// <summary>A good certificate for that node, from now on for some days.</summary>
    public IssuedCertificate Issue(string name, double days = 30) => Authority.Issue(NodeOf("lab", name), ["127.0.0.1"], Now, TimeSpan.FromDays(days));

    public LinkSecurity SecurityOf(TransportWorld.NodeSetup setup)
    {
        var issued = setup.Certificate?.Invoke(Authority) ?? Issue(setup.Name);
        return new LinkSecurity(Source(Write($"{setup.Name}-{sources.Count}", issued, setup.Trusts), new LateClock(setup.Late)));
    }

    /// <summary>Takes any identity: tests want nodes with another's certificate, which a real one would not start with.</summary>
    private CertificateSource Source(CertificatePaths paths, TimeProvider clock)
    {
        using var certificate = X509CertificateLoader.LoadCertificateFromFile(paths.Certificate);
        var source = new CertificateSource(paths, SubjectNames.Of(certificate).Identity, clock);
        sources.Add(source);
        return source;
    }

    public void Dispose()
    {
        sources.ForEach(source => source.Dispose());
        if (authority.IsValueCreated)
        {
            authority.Value.Dispose();
        }

        if (directory.IsValueCreated)
        {
            Directory.Delete(directory.Value, recursive: true);
        }
    }

    /// <summary>The real time, and how much later it is elsewhere.</summary>
    private sealed class LateClock(TimeSpan late) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() - late;
    }
}
