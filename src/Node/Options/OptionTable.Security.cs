namespace Cluster.Node.Options;

/// <content>What secures the wire: certificates, passwords, tokens. Secrets come from files or the environment; a command line is for all to see.</content>
internal static partial class OptionTable
{
    // Not a field: fields of two files are set in no order that may be relied on.
    private static IReadOnlyList<OptionSpec> Security =>
    [
        new("--resp-password-file", "CLUSTER_PASSWORD_FILE", "FILE", "none", "File that holds the password that Redis clients must AUTH with.", (string v, ref NodeOptions o) =>
            ReadSecret(v, out var password) is { } wrong ? wrong : password.Length == 0 ? "the file is empty" : Set(ref o, o with { RespPassword = password })),
        new("--client-token-file", "CLUSTER_CLIENT_TOKEN_FILE", "FILE", "none", "File that holds the token that HTTP clients must show, 16 characters or more.", (string v, ref NodeOptions o) =>
            ReadSecret(v, out var token) ?? ClientToken(token, ref o)),
        new(null, "CLUSTER_CLIENT_TOKEN", "TOKEN", "none", "The client token itself; no option, since a command line is for all to see.", ClientToken),
        new("--tls-cert", "CLUSTER_TLS_CERT", "FILE", "none: links are plaintext", "This node's certificate (PEM) for mutual TLS between nodes; 'lab certs' makes one.", (string v, ref NodeOptions o) => Set(ref o, o with { TlsCert = v })),
        new("--tls-key", "CLUSTER_TLS_KEY", "FILE", "none", "The private key of --tls-cert (PEM, not encrypted).", (string v, ref NodeOptions o) => Set(ref o, o with { TlsKey = v })),
        new("--tls-ca", "CLUSTER_TLS_CA", "FILE", "none", "The authorities (PEM) that other nodes' certificates must be signed by.", (string v, ref NodeOptions o) => Set(ref o, o with { TlsCa = v })),
        new("--http-tls", "CLUSTER_HTTP_TLS", null, "off", "Speak HTTPS on the HTTP port, with --tls-cert unless it has its own.", (string _, ref NodeOptions o) => Set(ref o, o with { HttpTls = true })),
        new("--http-tls-cert", "CLUSTER_HTTP_TLS_CERT", "FILE", "--tls-cert", "A certificate of the HTTP port's own.", (string v, ref NodeOptions o) => Set(ref o, o with { HttpTls = true, HttpTlsCert = v })),
        new("--http-tls-key", "CLUSTER_HTTP_TLS_KEY", "FILE", "--tls-key", "The private key of --http-tls-cert.", (string v, ref NodeOptions o) => Set(ref o, o with { HttpTlsKey = v })),
        new("--resp-tls", "CLUSTER_RESP_TLS", null, "off", "Speak TLS on the Redis protocol port, with --tls-cert unless it has its own.", (string _, ref NodeOptions o) => Set(ref o, o with { RespTls = true })),
        new("--resp-tls-cert", "CLUSTER_RESP_TLS_CERT", "FILE", "--tls-cert", "A certificate of the Redis protocol port's own.", (string v, ref NodeOptions o) => Set(ref o, o with { RespTls = true, RespTlsCert = v })),
        new("--resp-tls-key", "CLUSTER_RESP_TLS_KEY", "FILE", "--tls-key", "The private key of --resp-tls-cert.", (string v, ref NodeOptions o) => Set(ref o, o with { RespTlsKey = v })),
    ];

    private static IEnumerable<string> SecurityContradictions(NodeOptions options)
    {
        var links = new[] { options.TlsCert, options.TlsKey, options.TlsCa };
        if (links.Contains(null) && links.Any(file => file is not null))
        {
            yield return "--tls-cert, --tls-key and --tls-ca belong together: give all three, or none for plaintext";
        }

        foreach (var (door, cert, key, on) in new[] { ("--http-tls", options.HttpTlsCert, options.HttpTlsKey, options.HttpTls), ("--resp-tls", options.RespTlsCert, options.RespTlsKey, options.RespTls) })
        {
            if (cert is null != key is null)
            {
                yield return $"{door}-cert and {door}-key belong together: give both";
            }
            else if (on && cert is null && options.LinkCertificates is null)
            {
                yield return $"{door} needs a certificate: give {door}-cert and {door}-key, or --tls-cert, --tls-key and --tls-ca";
            }
        }

        if (options.ClientToken is { } token && token == options.AdminToken)
        {
            yield return "the client token and the admin token are the same: then every client is an administrator; give two";
        }
    }

    private static string? ReadSecret(string path, out string secret)
    {
        secret = "";
        try
        {
            secret = File.ReadAllText(path).Trim();
            return null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return $"the file cannot be read: {error.Message}";
        }
    }

    private static string? ClientToken(string value, ref NodeOptions options) => value.Length < MinTokenLength
        ? $"a client token has {MinTokenLength} characters or more"
        : Set(ref options, options with { ClientToken = value });
}
