using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using Cluster.Node.Options;
using Cluster.Node.Security;
using Cluster.Node.Tests.Support;
using Cluster.Shared.Certificates;

namespace Cluster.Node.Tests.Security;

/// <summary>TLS at the front doors, and certificates that a node does not start with.</summary>
public sealed class TlsDoorsTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("node-tls-").FullName;
    private readonly CertificateAuthority authority = CertificateAuthority.Create("lab", Now, TimeSpan.FromDays(2));

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    public void Dispose()
    {
        authority.Dispose();
        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public async Task Both_doors_speak_TLS_and_tell_plaintext_clients_so()
    {
        var options = Secured("n1");
        using var certificates = NodeCertificates.Open(options, TimeProvider.System);
        await using var doors = await Doors.OpenAsync(configure: _ => options, certificates: certificates);
        using var handler = new SocketsHttpHandler { SslOptions = Client() };
        using var https = new HttpClient(handler);
        Assert.Contains("\"ready\":true", await https.GetStringAsync($"https://127.0.0.1:{doors.Ports.Http.Port}/ready"), StringComparison.Ordinal);
        Assert.Equal("+PONG\r\n", await PingAsync(doors.Ports.Resp.Port, tls: true));
        Assert.Equal("-ERR this port speaks TLS: connect with it (redis-cli --tls --cacert ca.crt)\r\n", await PingAsync(doors.Ports.Resp.Port, tls: false));
        var plain = await doors.Http.GetAsync("/ready");
        Assert.Equal("this port speaks HTTPS: ask for https:// instead (-k?)", await plain.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("missing", "the private key", "cannot be read")]
    [InlineData("garbage", "is no PEM private key", "give the two that were made together")]
    [InlineData("other", "is not the key of the certificate", "give the two that were made together")]
    [InlineData("expired", "it expired on", "lab certs renew")]
    [InlineData("stranger", "which is none of this cluster's authorities", "does not pass")]
    [InlineData("name", "is that of cluster://lab/node/n2, but this is cluster://lab/node/n1", "lab certs")]
    [InlineData("client", "may not be used by a server", "does not pass")]
    public void A_certificate_that_cannot_work_is_refused_at_start_with_what_and_where(string wrong, params string[] said)
    {
        var options = Secured(wrong == "name" ? "n2" : "n1");
        switch (wrong)
        {
            case "missing":
                File.Delete(options.TlsKey!);
                break;
            case "garbage":
                File.WriteAllText(options.TlsKey!, "no key");
                break;
            case "other":
                File.WriteAllText(options.TlsKey!, authority.Issue(Node("n1"), [], Now, TimeSpan.FromDays(1)).KeyPem);
                break;
            case "expired":
                using (var old = CertificateAuthority.Create("lab", Now - TimeSpan.FromDays(9), TimeSpan.FromDays(5)))
                {
                    Write(options, old.Issue(Node("n1"), [], Now - TimeSpan.FromDays(9), TimeSpan.FromDays(3)), old);
                }

                break;
            case "stranger":
                using (var other = CertificateAuthority.Create("lab", Now, TimeSpan.FromDays(2)))
                {
                    Write(options, other.Issue(Node("n1"), [], Now, TimeSpan.FromDays(1)), authority);
                }

                break;
            case "client":
                Write(options, authority.Issue(new CertificateIdentity("lab", CertificateRole.Client, "n1"), [], Now, TimeSpan.FromDays(1)), authority);
                break;
            default:
                break;
        }

        var refused = Assert.Throws<CertificateException>(() => NodeCertificates.Open(options with { Name = Shared.Ids.NodeName.Parse("n1") }, TimeProvider.System).Dispose());
        Assert.All([.. said, directory], part => Assert.Contains(part, refused.Message, StringComparison.Ordinal));
        Assert.DoesNotContain("PRIVATE", refused.Message.Replace("PEM private", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--tls-cert c", "--tls-cert, --tls-key and --tls-ca belong together: give all three, or none for plaintext")]
    [InlineData("--http-tls", "--http-tls needs a certificate: give --http-tls-cert and --http-tls-key, or --tls-cert, --tls-key and --tls-ca")]
    [InlineData("--resp-tls-cert c", "--resp-tls-cert and --resp-tls-key belong together: give both")]
    [InlineData("--resp-password-file /nowhere/at/all", "--resp-password-file '/nowhere/at/all': the file cannot be read: ")]
    public void Options_that_do_not_fit_together_are_refused(string arguments, string said)
    {
        var outcome = NodeOptionsParser.Parse(["--seeds", "a:1", .. arguments.Split(' ')], _ => null);
        Assert.Equal(64, outcome.Code);
        Assert.StartsWith(said, Assert.Single(outcome.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public void Files_and_the_environment_carry_what_a_command_line_must_not()
    {
        var (password, token) = (Path.Combine(directory, "password"), Path.Combine(directory, "token"));
        File.WriteAllText(password, "pw\n");
        File.WriteAllText(token, "client-token-0123456789\n");
        var environment = new Dictionary<string, string?> { ["CLUSTER_TLS_CERT"] = "c", ["CLUSTER_TLS_KEY"] = "k", ["CLUSTER_TLS_CA"] = "a", ["CLUSTER_RESP_TLS"] = "true", ["CLUSTER_HTTP_TLS"] = "false" };
        var options = NodeOptionsParser.Parse(["--seeds", "a:1", "--resp-password-file", password, "--client-token-file", token], environment.GetValueOrDefault).Options!;
        Assert.Equal(("pw", "client-token-0123456789"), (options.RespPassword, options.ClientToken));
        Assert.Equal(new CertificatePaths("c", "k", "a"), options.LinkCertificates);
        Assert.Equal(options.LinkCertificates, options.RespCertificates);
        Assert.Null(options.HttpCertificates);
        Assert.DoesNotContain("pw", options.ToString(), StringComparison.Ordinal);
    }

    private static CertificateIdentity Node(string name) => new("lab", CertificateRole.Node, name);

    private NodeOptions Secured(string name)
    {
        var options = new NodeOptions
        {
            HttpPort = 0,
            RespPort = 0,
            Seeds = [new Shared.Ids.NodeAddress("127.0.0.1", 4053)],
            TlsCert = Path.Combine(directory, "n.crt"),
            TlsKey = Path.Combine(directory, "n.key"),
            TlsCa = Path.Combine(directory, "ca.crt"),
            HttpTls = true,
            RespTls = true,
        };
        Write(options, authority.Issue(Node(name), ["127.0.0.1"], Now, TimeSpan.FromDays(1)), authority);
        return options;
    }

    private static void Write(NodeOptions options, IssuedCertificate issued, CertificateAuthority trusted)
    {
        File.WriteAllText(options.TlsCert!, issued.CertificatePem);
        File.WriteAllText(options.TlsKey!, issued.KeyPem);
        File.WriteAllText(options.TlsCa!, trusted.CertificatePem);
    }

    private SslClientAuthenticationOptions Client() => new()
    {
        TargetHost = "127.0.0.1",
        EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        CertificateChainPolicy = CertificateVerifier.Policy(CertificateSet.LoadAuthorities(Path.Combine(directory, "ca.crt")), asServer: true, Now),
    };

    private async Task<string> PingAsync(int port, bool tls)
    {
        using var tcp = new TcpClient();
        await tcp.ConnectAsync("127.0.0.1", port);
        Stream stream = tcp.GetStream();
        if (tls)
        {
            var secured = new SslStream(stream);
            await secured.AuthenticateAsClientAsync(Client());
            stream = secured;
        }

        await stream.WriteAsync("PING\r\n"u8.ToArray());
        using var reader = new StreamReader(stream, Encoding.ASCII);
        return await reader.ReadLineAsync() + "\r\n";
    }
}
