using System.Diagnostics.CodeAnalysis;
using System.Net.Security;
using System.Runtime.CompilerServices;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Cluster.Engine.Remoting.Handshakes;
using Cluster.Shared.Certificates;
using Microsoft.AspNetCore.Connections;

namespace Cluster.Engine.Remoting.Tls;

/// <summary>
/// Mutual TLS 1.3 on the links of one node: both sides show a certificate, and each verifies the other's by the cluster's own authorities. A certificate that is
/// no good does not end the TLS handshake but the one after it, so that both logs say why; until then nothing but that reason has been said.
/// </summary>
/// <remarks>
/// No sessions are resumed: a peer proves itself anew on every connection, so what has expired or was shut out is noticed at the next one. TLS 1.2 is not
/// offered: every node is of this build.
/// </remarks>
[SuppressMessage("Security", "CA5359:Do Not Disable Certificate Validation", Justification = "SecuredLink keeps its judgement, which is asked for before anything of the peer is believed.")]
public sealed class LinkSecurity(CertificateSource certificates)
{
    private readonly ConditionalWeakTable<CertificateSet, SslStreamCertificateContext> contexts = [];

    /// <summary>Makes a dialled connection secure: from now on its transport carries what TLS carries.</summary>
    /// <exception cref="HandshakeException">The peer does not speak TLS, or TLS fails.</exception>
    internal Task<SecuredLink> DialAsync(ConnectionContext context, string host, CancellationToken cancellation)
    {
        var (set, now) = (certificates.Current, certificates.Now);
        return SecureAsync(context, set, asServer: true, stream => stream.Ssl.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = host,
                EnabledSslProtocols = SslProtocols.Tls13,
                ClientCertificateContext = ContextOf(set),
                AllowTlsResume = false,
                CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
                CertificateChainPolicy = CertificateVerifier.Policy(set.Authorities, asServer: true, now),
                RemoteCertificateValidationCallback = stream.Judge,
            },
            cancellation));
    }

    /// <summary>Makes an accepted connection secure, whose first byte is known to be TLS's.</summary>
    /// <exception cref="HandshakeException">TLS fails.</exception>
    internal Task<SecuredLink> AcceptAsync(ConnectionContext context, CancellationToken cancellation)
    {
        var (set, now) = (certificates.Current, certificates.Now);
        return SecureAsync(context, set, asServer: false, stream => stream.Ssl.AuthenticateAsServerAsync(
            new SslServerAuthenticationOptions
            {
                EnabledSslProtocols = SslProtocols.Tls13,
                ServerCertificateContext = ContextOf(set),
                ClientCertificateRequired = true,
                AllowTlsResume = false,
                AllowRenegotiation = false,
                CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
                CertificateChainPolicy = CertificateVerifier.Policy(set.Authorities, asServer: false, now),
                RemoteCertificateValidationCallback = stream.Judge,
            },
            cancellation));
    }

    private async Task<SecuredLink> SecureAsync(ConnectionContext context, CertificateSet own, bool asServer, Func<SecuredLink, Task> authenticate)
    {
        var plain = new PipeStream(context.Transport);
        var link = new SecuredLink(plain, own, asServer, certificates.Now);
        try
        {
            await authenticate(link).ConfigureAwait(false);
            link.TakeOver(context);
            return link;
        }
        catch (Exception error) when (error is AuthenticationException or IOException)
        {
            await link.DisposeAsync().ConfigureAwait(false);
            throw new HandshakeException(LinkDownCause.ProtocolError, plain.SawMagic ? LinkSecurityWords.PeerIsPlain : $"TLS failed: {(error.InnerException ?? error).Message}");
        }
        catch
        {
            await link.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Kept for as long as the certificates are in use: making it reads the chain.</summary>
    private SslStreamCertificateContext ContextOf(CertificateSet set) =>
        contexts.GetValue(set, static made => SslStreamCertificateContext.Create(made.Certificate, made.Intermediates, offline: true));
}
