using System.IO.Pipelines;
using Cluster.Engine.Remoting.Handshakes;
using Cluster.Engine.Remoting.Recording;
using Cluster.Engine.Remoting.Tls;
using Cluster.Shared.Ids;
using Cluster.Shared.Wire;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.Extensions.Logging;

namespace Cluster.Engine.Remoting.Tcp;

/// <content>The accepting side: a stranger gets a bounded time and a bounded buffer to prove that it is a peer.</content>
public sealed partial class TcpTransport
{
    /// <summary>Serves one incoming connection until it is over.</summary>
    internal async Task AcceptAsync(ConnectionContext context)
    {
        LinkConnection? connection = null;
        LinkConnection? replaced = null;
        SecuredLink? secured = null;
        if (!started || stopping.IsCancellationRequested)
        {
            context.Abort(new ConnectionAbortedException("the transport is not running"));
            return;
        }

        if (Interlocked.Increment(ref handshakes) > Options.MaxPendingHandshakes)
        {
            Interlocked.Decrement(ref handshakes);
            Logger.LogWarning("remoting: closing a connection from {Remote}: {Max} handshakes are under way already", context.RemoteEndPoint, Options.MaxPendingHandshakes);
            context.Abort(new ConnectionAbortedException("too many handshakes"));
            return;
        }

        try
        {
            using var deadline = new Deadline(Options.HandshakeTimeout, Clock, stopping.Token);
            secured = await SecureAsync(context, deadline.Token).ConfigureAwait(false);
            (connection, replaced) = await ReceiveAsync(context, secured, deadline.Token).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Whatever a stranger makes a connection throw ends that connection and nothing else.
        catch (Exception error)
#pragma warning restore CA1031
        {
            var reason = error is OperationCanceledException ? $"no handshake within {Options.HandshakeTimeout.TotalSeconds} s" : error.Message;
            WarnOfStranger(context, "closing a connection", reason);
            context.Abort(new ConnectionAbortedException(reason));
        }
        finally
        {
            Interlocked.Decrement(ref handshakes);
        }

        if (connection is not null)
        {
            await RunAsync(context, connection, replaced).ConfigureAwait(false);
        }

        if (secured is not null)
        {
            await secured.DisposeAsync().ConfigureAwait(false);
        }
    }

    private static async Task RunAsync(ConnectionContext context, LinkConnection connection, LinkConnection? replaced)
    {
        // A host that stops waits for its connections: this one ends when asked to, also where the transport outlives the host.
        var hostStops = context.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested ?? CancellationToken.None;
        await using (hostStops.Register(() => connection.Abort(LinkDownCause.Closed, "the host of the listener stops")).ConfigureAwait(false))
        {
            await connection.RunAsync(replaced).ConfigureAwait(false);
        }
    }

    private async Task<(LinkConnection? Connection, LinkConnection? Replaced)> ReceiveAsync(ConnectionContext context, SecuredLink? secured, CancellationToken cancellation)
    {
        var (input, output) = (context.Transport.Input, context.Transport.Output);
        await HandshakeWire.ReadMagicAsync(input, cancellation).ConfigureAwait(false);
        var hello = await HandshakeWire.ReadAsync(input, HandshakeStep.Hello, Hello.Parser, Options.MaxHandshakeBytes, cancellation).ConfigureAwait(false);
        if (Faults.BlocksHandshake(NodeName.TryParse(hello.Name, out var name) ? name : null))
        {
            await StaySilentAsync(input, cancellation).ConfigureAwait(false);
            return default;
        }

        HandshakeWire.WriteMagic(output);
        var untrusted = security is null ? null : secured is null ? LinkSecurityWords.PeerIsPlain : secured.WhyNot(hello, local.ClusterToProve(hello.Cluster));
        var admission = peers.Admit(hello, dialled: null, untrusted);
        var reply = new HelloReply { Hello = untrusted is null ? peers.Introduce((Lane)(hello.Lane & 1), 0) : null, Refused = admission.Refusal ?? "" };
        if (admission.Peer is not { } peer)
        {
            WarnOfStranger(context, "refusing a connection", admission.Refusal!);
            if (untrusted is null && NodeAddress.TryParse(hello.Address, out var claimed))
            {
                Say(new HandshakeRefused(claimed, admission.Refusal!, ByPeer: false));
            }

            await ReplyAndCloseAsync(output, reply, cancellation).ConfigureAwait(false);
            return default;
        }

        EndOlderLife(admission.OlderLife, peer);
        var link = LinkTo(peer.Address, (Lane)hello.Lane);
        var connection = link is null ? null : new LinkConnection(this, link, context, peer, WirePlace.SessionOf(peer, hello.Dial), dialled: null, hello.Dial);
        LinkConnection? replaced = null;
        if (connection is null || !link!.TryAccept(connection, hello.Dial, out replaced, out var ownLastDial))
        {
            reply.Crossed = true;
            reply.Refused = "crossed with a dial the other way";
            await ReplyAndCloseAsync(output, reply, cancellation).ConfigureAwait(false);
            return default;
        }

        // From here the link waits for this connection: it must come up, or be given up.
        replaced?.Abort(LinkDownCause.Replaced, "a newer connection of the same peer took its place");
        try
        {
            reply.Hello!.Dial = ownLastDial;
            HandshakeWire.Write(output, HandshakeStep.Reply, reply);
            await output.FlushAsync(cancellation).ConfigureAwait(false);
            var verdict = await HandshakeWire.ReadAsync(input, HandshakeStep.Verdict, HelloReply.Parser, Options.MaxHandshakeBytes, cancellation).ConfigureAwait(false);
            if (verdict.Refused.Length == 0)
            {
                return (connection, replaced);
            }

            SayRefused(link, verdict.Refused, byPeer: true);
            await connection.GiveUpAsync(LinkDownCause.Refused, verdict.Refused).ConfigureAwait(false);
            return default;
        }
        catch (Exception error)
        {
            await connection.GiveUpAsync(LinkDownCause.Lost, error.Message).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Makes an accepted connection secure where this node has certificates. Null where the peer speaks plaintext, which <see cref="ReceiveAsync"/> judges.</summary>
    private async Task<SecuredLink?> SecureAsync(ConnectionContext context, CancellationToken cancellation)
    {
        const byte TlsHandshake = 0x16;
        if (await HandshakeWire.PeekAsync(context.Transport.Input, cancellation).ConfigureAwait(false) != TlsHandshake)
        {
            return null;
        }

        if (security is not null)
        {
            return await security.AcceptAsync(context, cancellation).ConfigureAwait(false);
        }

        // In plaintext, since that is what this node speaks: the peer knows it by its first byte, and can say in its own log what is wrong.
        HandshakeWire.WriteMagic(context.Transport.Output);
        await ReplyAndCloseAsync(context.Transport.Output, new HelloReply { Refused = $"{local}: {LinkSecurityWords.PeerIsSecured}" }, cancellation).ConfigureAwait(false);
        throw new HandshakeException(LinkDownCause.ProtocolError, LinkSecurityWords.PeerIsSecured);
    }

    /// <summary>A stranger that knocks on and on is warned of once a minute.</summary>
    private void WarnOfStranger(ConnectionContext context, string what, string reason)
    {
        var from = (context.RemoteEndPoint as System.Net.IPEndPoint)?.Address.ToString() ?? "";
        if (strangers.IsNews(from, reason))
        {
            Logger.LogWarning("remoting: {What} from {Remote}: {Reason}", what, context.RemoteEndPoint, reason);
        }
    }

    private static async Task ReplyAndCloseAsync(PipeWriter output, HelloReply reply, CancellationToken cancellation)
    {
        HandshakeWire.Write(output, HandshakeStep.Reply, reply);
        await output.FlushAsync(cancellation).ConfigureAwait(false);
        await output.CompleteAsync().ConfigureAwait(false);
    }

    /// <summary>A cut link does not answer: the dialler learns nothing until its own patience ends.</summary>
    private static async Task StaySilentAsync(PipeReader input, CancellationToken cancellation)
    {
        while (true)
        {
            var result = await input.ReadAsync(cancellation).ConfigureAwait(false);
            input.AdvanceTo(result.Buffer.End);
            if (result.IsCompleted)
            {
                return;
            }
        }
    }
}
