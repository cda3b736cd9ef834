using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Cluster.Shared.Certificates;

namespace Cluster.Lab.Certificates;

/// <summary>
/// A directory of a lab's certificates: <c>ca.crt</c> and <c>ca.key</c>, a <c>NAME.crt</c> and <c>NAME.key</c> for each node, and <c>client.crt</c> with <c>client.key</c>.
/// Keys are readable by their owner only; files are written aside and renamed, so that a node that looks while they change never sees half of one.
/// </summary>
public sealed class LabCertificates(string directory, TimeProvider time)
{
    public const string ClientName = "client";

    /// <summary>A month: long enough for a course, short enough that a forgotten lab closes itself.</summary>
    public static readonly TimeSpan UsualValidity = TimeSpan.FromDays(30);

    private const string AuthorityName = "ca";

    /// <summary>The authority outlives the certificates that it signs, so that a class is renewed without a new one for a year.</summary>
    private static readonly TimeSpan AuthorityValidity = TimeSpan.FromDays(365);

    private static readonly string[] UsualHosts = ["localhost", "127.0.0.1", "::1"];

    public string AuthorityFile => CertificateFile(AuthorityName);

    public bool Exists => File.Exists(AuthorityFile);

    public string CertificateFile(string name) => Path.GetFullPath(Path.Combine(directory, name + ".crt"));

    public string KeyFile(string name) => Path.GetFullPath(Path.Combine(directory, name + ".key"));

    /// <summary>Makes what is missing: the authority, a certificate for each node, one for clients. What is there already stays.</summary>
    /// <param name="hosts">Names and addresses of the nodes besides loopback and their own names.</param>
    /// <returns>The names that certificates were made for.</returns>
    /// <exception cref="LabException">A name cannot be used, or the authority in the directory cannot.</exception>
    public IReadOnlyList<string> Make(string cluster, IReadOnlyList<string> nodes, IReadOnlyList<string> hosts, TimeSpan validity)
    {
        if (nodes.FirstOrDefault(node => node is AuthorityName or ClientName) is { } reserved)
        {
            throw new LabException($"a node cannot be called '{reserved}' here: {reserved}.crt is another certificate's file");
        }

        Directory.CreateDirectory(directory);
        using var authority = Exists ? Load() : Create(cluster, validity);
        var made = new List<string>();
        foreach (var (name, role) in nodes.Select(node => (node, CertificateRole.Node)).Append((ClientName, CertificateRole.Client)))
        {
            if (!File.Exists(CertificateFile(name)) || !File.Exists(KeyFile(name)))
            {
                IReadOnlyList<string> names = role == CertificateRole.Node ? [name, .. UsualHosts, .. hosts] : [];
                Write(name, authority.Issue(new CertificateIdentity(cluster, role, name), [.. names.Distinct(StringComparer.OrdinalIgnoreCase)], time.GetUtcNow(), validity));
                made.Add(name);
            }
        }

        return made;
    }

    /// <summary>Makes a new certificate with a new key for each holder in the directory, with the names it had. Nodes take them up by themselves.</summary>
    /// <exception cref="LabException">There is no authority here, or it is about to expire itself.</exception>
    public IReadOnlyList<string> Renew(TimeSpan validity)
    {
        if (!Exists)
        {
            throw new LabException($"there are no certificates in {Path.GetFullPath(directory)}: make them with 'lab certs --dir {directory}'");
        }

        using var authority = Load();
        if (authority.ValidUntil <= time.GetUtcNow())
        {
            throw new LabException($"the authority {AuthorityFile} has expired itself: delete the directory, make new certificates, and start every node with them");
        }

        var renewed = new List<string>();
        foreach (var name in Holders())
        {
            using var old = X509CertificateLoader.LoadCertificateFromFile(CertificateFile(name));
            var names = SubjectNames.Of(old);
            if (names.Identity is { } identity)
            {
                Write(name, authority.Issue(identity, names.Hosts, time.GetUtcNow(), validity));
                renewed.Add(name);
            }
        }

        return renewed;
    }

    /// <summary>What is in the directory, the authority first.</summary>
    public IReadOnlyList<CertificateReport> Read()
    {
        if (!Exists)
        {
            throw new LabException($"there are no certificates in {Path.GetFullPath(directory)}: make them with 'lab certs --dir {directory}'");
        }

        return [.. Holders().Prepend(AuthorityName).Select(Describe)];
    }

    private CertificateReport Describe(string name)
    {
        try
        {
            using var certificate = X509CertificateLoader.LoadCertificateFromFile(CertificateFile(name));
            var names = SubjectNames.Of(certificate);
            DateTimeOffset end = certificate.NotAfter;
            return new CertificateReport(
                CertificateFile(name), certificate.Subject, names.Identity?.ToString(), names.Hosts, ((DateTimeOffset)certificate.NotBefore).ToUniversalTime(), end.ToUniversalTime(), Math.Round((end - time.GetUtcNow()).TotalDays, 2));
        }
        catch (CryptographicException unreadable)
        {
            throw new LabException($"{CertificateFile(name)} is no certificate: {unreadable.Message}", unreadable);
        }
    }

    private IEnumerable<string> Holders() =>
        Directory.EnumerateFiles(directory, "*.crt").Select(file => Path.GetFileNameWithoutExtension(file)).Where(name => name != AuthorityName).Order(StringComparer.Ordinal);

    private CertificateAuthority Load()
    {
        try
        {
            return CertificateAuthority.Load(AuthorityFile, KeyFile(AuthorityName));
        }
        catch (CertificateException unusable)
        {
            throw new LabException(unusable.Message, unusable);
        }
    }

    private CertificateAuthority Create(string cluster, TimeSpan validity)
    {
        var authority = CertificateAuthority.Create(cluster, time.GetUtcNow(), validity > AuthorityValidity ? validity : AuthorityValidity);
        Write(AuthorityName, new IssuedCertificate(authority.CertificatePem + "\n", authority.ExportKeyPem() + "\n"));
        return authority;
    }

    /// <summary>The key first: a node that looks in between finds two that do not fit, keeps what it has, and looks again.</summary>
    private void Write(string name, IssuedCertificate issued)
    {
        var secret = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            secret.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        Replace(KeyFile(name), issued.KeyPem, secret);
        Replace(CertificateFile(name), issued.CertificatePem, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write });
    }

    private static void Replace(string file, string text, FileStreamOptions options)
    {
        var aside = file + ".new";
        File.Delete(aside);
        using (var writer = new StreamWriter(aside, options))
        {
            writer.Write(text);
        }

        File.Move(aside, file, overwrite: true);
    }
}
