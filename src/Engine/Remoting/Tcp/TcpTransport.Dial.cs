using System.Net;
using System.Net.Sockets;
using Cluster.Engine.Remoting.Handshakes;
using Cluster.Engine.Remoting.Recording;
using Cluster.Shared.Ids;
using Cluster.Shared.Wire;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;

namespace Cluster.Engine.Remoting.Tcp;

/// <content>The dialling side: attempts with back-off until the link is up, whichever side's dial makes it.</content>
public sealed partial class TcpTransport
{
    internal void DialAgain(Link link)
    {
        if (started && !stopping.IsCancellationRequested && link.StartDialling())
        {
            link.Dialling = DialAsync(link);
        }
    }

    private async Task DialAsync(Link link)
    {
        // A sender started this loop: it must not pay for the first system calls.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        var wait = BackOff.After(link.Failures, Options, random);
        try
        {
            while (true)
            {
                if (wait > TimeSpan.Zero)
                {
                    await Task.Delay(wait, Clock, stopping.Token).ConfigureAwait(false);
                }

                if (!link.GoesOnDialling())
                {
                    return;
                }

                var failed = await TryDialAsync(link).ConfigureAwait(false);
                if (failed is null)
                {
                    return;
                }

                if (!failed.Crossed)
                {
                    SayAttemptFailed(link, failed);
                }

                wait = BackOff.After(Math.Max(1, link.Failures), Options, random);
            }
        }
        catch (OperationCanceledException)
        {
            // The transport stops.
        }
    }

    /// <summary>One attempt. Null when it made the link, which then runs by itself, or when the link is up or unwanted anyway.</summary>
    private async Task<DialFailure?> TryDialAsync(Link link)
    {
        if (Faults.BlocksHandshake(peers.At(link.Address)?.Name))
        {
            return DialFailure.CutByFault;
        }

        DialledConnection? dialled = null;
        uint dial = 0;
        var made = false;
        try
        {
            dialled = new DialledConnection(await ConnectAsync(link.Address).ConfigureAwait(false));
            using var deadline = new Deadline(Options.HandshakeTimeout, Clock, stopping.Token);
            if (await SecureAsync(link, dialled, deadline.Token).ConfigureAwait(false) is { } untrusted)
            {
                return Refused(link, untrusted);
            }

            dial = link.OpenDial();
            if (dial == 0)
            {
                return new DialFailure(LinkDownCause.Replaced, "the peer's own connection came first", Crossed: true);
            }

            var (connection, failure) = await GreetAsync(link, dialled, dial, deadline.Token).ConfigureAwait(false);
            if (connection is null)
            {
                return failure;
            }

            made = true;
            _ = connection.RunAsync(replaced: null);
            return null;
        }
        catch (HandshakeException broken)
        {
            if (link.SaidDown != broken.Cause)
            {
                Logger.LogWarning("remoting: handshake with {Peer} failed: {Reason}", link.Address, broken.Message);
            }

            return new DialFailure(broken.Cause, $"{link.Address}: {broken.Message}");
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            return new DialFailure(LinkDownCause.Unreachable, $"{link.Address} did not answer in time");
        }
        catch (SocketException error)
        {
            var cause = error.SocketErrorCode == SocketError.ConnectionRefused ? LinkDownCause.NobodyListens : LinkDownCause.Unreachable;
            return new DialFailure(cause, $"{link.Address}: {error.Message}");
        }
        catch (IOException error)
        {
            return new DialFailure(LinkDownCause.Lost, $"{link.Address}: {error.Message}");
        }
        finally
        {
            link.CloseDial(dial);
            if (!made && dialled is not null)
            {
                dialled.Context.Abort();
                await dialled.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    private async Task<ConnectionContext> ConnectAsync(NodeAddress to)
    {
        using var deadline = new Deadline(Options.ConnectTimeout, Clock, stopping.Token);
        var isIp = IPAddress.TryParse(to.Host, out var ip);
        var socket = isIp ? new Socket(ip!.AddressFamily, SocketType.Stream, ProtocolType.Tcp) : new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.NoDelay = true;
            await socket.ConnectAsync(isIp ? new IPEndPoint(ip!, to.Port) : new DnsEndPoint(to.Host, to.Port), deadline.Token).ConfigureAwait(false);
            if (Equals(socket.LocalEndPoint, socket.RemoteEndPoint))
            {
                // TCP's simultaneous open: a dial to a free local port may meet itself, and would then hold the port that the peer wants to listen on.
                throw new SocketException((int)SocketError.ConnectionRefused);
            }

            return dialler.Create(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task<(LinkConnection? Connection, DialFailure? Failure)> GreetAsync(Link link, DialledConnection dialled, uint dial, CancellationToken cancellation)
    {
        var context = dialled.Context;
        var (input, output) = (context.Transport.Input, context.Transport.Output);
        HandshakeWire.WriteMagic(output);
        HandshakeWire.Write(output, HandshakeStep.Hello, peers.Introduce(link.Lane, dial));
        await output.FlushAsync(cancellation).ConfigureAwait(false);
        await HandshakeWire.ReadMagicAsync(input, cancellation).ConfigureAwait(false);
        var reply = await HandshakeWire.ReadAsync(input, HandshakeStep.Reply, HelloReply.Parser, Options.MaxHandshakeBytes, cancellation).ConfigureAwait(false);
        if (reply.Crossed)
        {
            return (null, new DialFailure(LinkDownCause.Replaced, "crossed", Crossed: true));
        }

        if (reply.Refused.Length > 0)
        {
            SayRefused(link, reply.Refused, byPeer: true);
            return (null, new DialFailure(LinkDownCause.Refused, reply.Refused));
        }

        if (Faults.BlocksHandshake(NodeName.TryParse(reply.Hello?.Name, out var name) ? name : null))
        {
            return (null, DialFailure.CutByFault);
        }

        var untrusted = dialled.Secured?.WhyNot(reply.Hello ?? new Hello(), local.ClusterToProve(reply.Hello?.Cluster ?? ""));
        var admission = peers.Admit(reply.Hello ?? new Hello(), (link.Address, link.Lane), untrusted);
        HandshakeWire.Write(output, HandshakeStep.Verdict, new HelloReply { Refused = admission.Refusal ?? "" });
        if (admission.Peer is not { } peer)
        {
            await output.FlushAsync(cancellation).ConfigureAwait(false);
            await output.CompleteAsync().ConfigureAwait(false);
            if (untrusted is not null)
            {
                return (null, Refused(link, admission.Refusal!));
            }

            SayRefused(link, admission.Refusal!, byPeer: false);
            return (null, new DialFailure(LinkDownCause.Refused, admission.Refusal!));
        }

        EndOlderLife(admission.OlderLife, peer);
        var connection = new LinkConnection(this, link, context, peer, WirePlace.SessionOf(local.Identity, dial), dialled, reply.Hello!.Dial);
        if (!link.TryComplete(dial, connection))
        {
            // The verdict is not sent: the peer, too, goes on with the connection that this dial was abandoned for.
            return (null, new DialFailure(LinkDownCause.Replaced, "the peer's own connection came first", Crossed: true));
        }

        await output.FlushAsync(cancellation).ConfigureAwait(false);
        return (connection, null);
    }

    /// <summary>Makes a dialled connection secure where this node has certificates. Returns why the peer is not to be trusted, after telling it, or null.</summary>
    private async Task<string?> SecureAsync(Link link, DialledConnection dialled, CancellationToken cancellation)
    {
        if (security is null)
        {
            return null;
        }

        dialled.Secured = await security.DialAsync(dialled.Context, link.Address.Host, cancellation).ConfigureAwait(false);
        if (dialled.Secured.WhyNot() is not { } untrusted)
        {
            return null;
        }

        var output = dialled.Context.Transport.Output;
        HandshakeWire.WriteMagic(output);
        HandshakeWire.Write(output, HandshakeStep.Verdict, new HelloReply { Refused = $"{local}: {untrusted}" });
        await output.FlushAsync(cancellation).ConfigureAwait(false);
        await output.CompleteAsync().ConfigureAwait(false);
        return untrusted;
    }

    /// <summary>
    /// The node that answered proved nothing, so this is no news about the node that was dialled: whoever took its address could otherwise make this one give up.
    /// </summary>
    private DialFailure Refused(Link link, string untrusted)
    {
        if (link.SaidDown != LinkDownCause.Refused)
        {
            Logger.LogWarning("remoting: not trusting the node at {Peer}: {Reason}", link.Address, untrusted);
        }

        return new DialFailure(LinkDownCause.Refused, untrusted);
    }

    private void SayRefused(Link link, string reason, bool byPeer)
    {
        if (link.SaidDown != LinkDownCause.Refused)
        {
            Logger.LogWarning("remoting: handshake with {Peer} failed: {Reason}", link.Address, reason);
        }

        Say(new HandshakeRefused(link.Address, reason, byPeer));
    }

    /// <summary>A newer life of a node was met: connections to the older one are dead, whatever TCP still believes.</summary>
    private void EndOlderLife(PeerIdentity? older, PeerIdentity newer)
    {
        if (older is null)
        {
            return;
        }

        foreach (var lane in links)
        {
            if (lane.TryGetValue(older.Address, out var link) && link.Current is { } connection && connection.Peer.Uid == newer.Uid && connection.Peer.Incarnation < newer.Incarnation)
            {
                connection.Abort(LinkDownCause.Replaced, $"{newer} is a newer life of that node");
            }
        }
    }

    /// <summary>Why an attempt did not make the link. <paramref name="Crossed"/>: because the peer's own dial does, which is no failure.</summary>
    private sealed record DialFailure(LinkDownCause Cause, string Reason, bool Crossed = false)
    {
        public static readonly DialFailure CutByFault = new(LinkDownCause.Unreachable, "no answer: a link fault cuts this link");
    }
}
