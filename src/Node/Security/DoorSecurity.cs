using System.IO.Pipelines;
using System.Net.Security;
using System.Runtime.CompilerServices;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Cluster.Shared.Certificates;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Cluster.Node.Security;

/// <summary>
/// TLS on one front door, by Kestrel's own layer, with certificates that may change while it runs. A client that speaks plaintext gets one plaintext answer that
/// says so, and is closed. TLS 1.2 is offered beside 1.3, since client libraries of every age come here.
/// </summary>
internal sealed class DoorSecurity(CertificateSource certificates, TimeProvider time)
{
    private const byte TlsHandshake = 0x16;

    /// <summary>A client that connects and says nothing holds a connection for no longer.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly ConditionalWeakTable<CertificateSet, SslStreamCertificateContext> contexts = [];

    /// <param name="plaintextAnswer">What a client that does not speak TLS is told, in the words of its protocol.</param>
    public void Guard(ListenOptions listen, byte[] plaintextAnswer)
    {
        listen.Use(next => async connection =>
        {
            if (await IsTlsAsync(connection.Transport.Input).ConfigureAwait(false) is not { } isTls)
            {
                return;
            }

            if (isTls)
            {
                await next(connection).ConfigureAwait(false);
                return;
            }

            await connection.Transport.Output.WriteAsync(plaintextAnswer).ConfigureAwait(false);
        });
        listen.UseHttps(new TlsHandshakeCallbackOptions { HandshakeTimeout = Patience, OnConnection = _ => ValueTask.FromResult(Current()) });
    }

    private SslServerAuthenticationOptions Current() => new()
    {
        ServerCertificateContext = contexts.GetValue(certificates.Current, static set => SslStreamCertificateContext.Create(set.Certificate, set.Intermediates, offline: true)),
        EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
    };

    /// <summary>Looks at the first byte and leaves it to be read; null when none came.</summary>
    private async Task<bool?> IsTlsAsync(PipeReader input)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        try
        {
            var read = await input.ReadAsync(patience.Token).ConfigureAwait(false);
            bool? isTls = read.Buffer.IsEmpty ? null : read.Buffer.FirstSpan[0] == TlsHandshake;
            input.AdvanceTo(read.Buffer.Start);
            return isTls;
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }
}
