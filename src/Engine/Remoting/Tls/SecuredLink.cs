using System.IO.Pipelines;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Cluster.Shared.Certificates;
using Cluster.Shared.Wire;
using Microsoft.AspNetCore.Connections;

namespace Cluster.Engine.Remoting.Tls;

/// <summary>TLS on one connection, and the judgement of the peer's certificate. Nothing of the peer may be believed before <see cref="WhyNot(Hello, string)"/> was asked.</summary>
internal sealed class SecuredLink : IAsyncDisposable
{
    // A record carries at most 16 KiB: buffers of a few records, so that one flush of a chunk is few calls.
    private const int BufferBytes = 64 * 1024;

    private readonly CertificateSet own;
    private readonly bool peerServes;
    private readonly DateTimeOffset now;
    private string? refusal = "it has shown no certificate: start it with --tls-cert and --tls-key";
    private CertificateIdentity? identity;

    public SecuredLink(Stream plain, CertificateSet own, bool peerServes, DateTimeOffset now)
    {
        (this.own, this.peerServes, this.now) = (own, peerServes, now);

        // The stream below owns nothing. Left open it would be flushed at the end, when its pipe may be closed already.
        Ssl = new SslStream(plain, leaveInnerStreamOpen: false);
    }

    public SslStream Ssl { get; }

    /// <summary>The framework's callback. It judges, and lets the handshake go on either way: the refusal is said inside the connection, where the peer can read it.</summary>
    public bool Judge(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (certificate is X509Certificate2 shown)
        {
            refusal = CertificateVerifier.WhyNot(shown, own.Authorities, peerServes, now, chain?.ChainPolicy.ExtraStore);
            identity = SubjectNames.Of(shown).Identity;
            if (refusal is not null)
            {
                refusal = $"its certificate ({CertificateVerifier.Shown(identity?.ToString() ?? shown.Subject)}) is refused: {refusal}";
            }
        }

        return true;
    }

    /// <summary>From now on the connection's transport is the secured one.</summary>
    public void TakeOver(ConnectionContext context)
    {
        var plain = context.Transport.Output;
        context.Transport = new SecuredPipe(
            PipeReader.Create(Ssl, new StreamPipeReaderOptions(bufferSize: BufferBytes, minimumReadSize: BufferBytes / 4, leaveOpen: true)),
            PipeWriter.Create(new ClosingStream(Ssl, plain), new StreamPipeWriterOptions(minimumBufferSize: BufferBytes, leaveOpen: false)));
    }

    /// <summary>Why the peer's certificate is not good in itself; null when it is.</summary>
    public string? WhyNot() => refusal;

    /// <summary>Why the peer is not who it says it is; null when its certificate is good and names this node of this cluster.</summary>
    public string? WhyNot(Hello hello, string cluster)
    {
        if (refusal is not null)
        {
            return refusal;
        }

        if (identity is not { Role: CertificateRole.Node } node)
        {
            return $"its certificate is {(identity is null ? "nobody's" : $"that of {CertificateVerifier.Shown(identity.ToString())}")}, and only a node's may join: it needs the URI name {CertificateVerifier.Shown(new CertificateIdentity(cluster, CertificateRole.Node, hello.Name).ToString())}";
        }

        return node.Cluster == cluster && node.Name == hello.Name
            ? null
            : $"its certificate is that of {CertificateVerifier.Shown(node.ToString())}, so it cannot speak as node '{CertificateVerifier.Shown(hello.Name)}' of cluster '{cluster}'";
    }

    public ValueTask DisposeAsync() => Ssl.DisposeAsync();

    private sealed record SecuredPipe(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
