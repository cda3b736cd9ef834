using Cluster.Engine.Remoting.Framing;
using Microsoft.AspNetCore.Connections;

namespace Cluster.Engine.Remoting.Tcp;

/// <summary>
/// One connection after its handshake, for as long as it lives: a read loop that hands frames to their channels in order, and a write loop that
/// drains the link's pending frames. Ends alone, whatever the peer sends; its end is told once, with its first cause.
/// </summary>
/// <param name="session">The connection's name, which the peer knows too.</param>
/// <param name="dialled">What goes with the connection when it is over; null for one that was accepted, which its listener owns.</param>
internal sealed partial class LinkConnection(TcpTransport transport, Link link, ConnectionContext context, PeerIdentity peer, string session, IAsyncDisposable? dialled, uint peerDial)
{
    private readonly WriterSignal signal = new(transport.Writers);
    private readonly TaskCompletionSource over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Ending? ending;
    private bool up;

    public PeerIdentity Peer { get; } = peer;

    /// <summary>The peer's latest dial that is over now that this connection stands: a Hello of that number or less is stale.</summary>
    public uint PeerDial { get; } = peerDial;

    public bool IsUp => Volatile.Read(ref up);

    /// <summary>Completes when nothing of this connection runs any more.</summary>
    public Task Over => over.Task;

    /// <summary>Carries frames until either side ends it. Runs once the earlier connection of this link, if any, has handed over its last frame.</summary>
    public async Task RunAsync(LinkConnection? replaced)
    {
        if (replaced is not null)
        {
            await replaced.Over.ConfigureAwait(false);
        }

        await transport.WhenClosed(link).ConfigureAwait(false);
        if (Volatile.Read(ref ending) is not null)
        {
            await EndAsync(wasUp: false).ConfigureAwait(false);
            return;
        }

        var started = transport.Clock.GetTimestamp();
        link.Counters.Connected();
        Volatile.Write(ref up, true);
        transport.SayUp(link, this);
        link.Queue.Attach(signal);
        var writing = WriteAsync();
        await ReadAsync().ConfigureAwait(false);
        link.Queue.Detach(signal);
        context.Abort(new ConnectionAbortedException(ending!.Reason));
        await writing.ConfigureAwait(false);
        link.Failures = transport.Clock.GetElapsedTime(started) >= transport.Options.BackOffMax ? 0 : link.Failures + 1;
        await EndAsync(wasUp: true).ConfigureAwait(false);
    }

    /// <summary>Ends a connection that was reserved in a handshake which then failed.</summary>
    public Task GiveUpAsync(LinkDownCause cause, string reason)
    {
        Abort(cause, reason);
        return EndAsync(wasUp: false);
    }

    /// <summary>Ends it now; what waits to be written is lost.</summary>
    public void Abort(LinkDownCause cause, string reason)
    {
        End(cause, reason);
        context.Abort(new ConnectionAbortedException(reason));
    }

    /// <summary>Ends it once what is pending is written, or after the bound on that.</summary>
    public async Task CloseAsync(string reason)
    {
        End(LinkDownCause.Closed, reason);
        link.Queue.Finish();
        try
        {
            await Over.WaitAsync(transport.Options.CloseTimeout, transport.Clock).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            context.Abort(new ConnectionAbortedException(reason));
            await Over.ConfigureAwait(false);
        }
    }

    private void End(LinkDownCause cause, string reason) => Interlocked.CompareExchange(ref ending, new Ending(cause, reason), null);

    private async Task EndAsync(bool wasUp)
    {
        // Said before the link is free: a next connection's LinkUp must come after this.
        Volatile.Write(ref up, false);
        if (wasUp)
        {
            transport.SayDown(link, ending!.Cause, ending.Reason);
        }

        link.Detach(this, ending!.Reason);
        if (dialled is not null)
        {
            await dialled.DisposeAsync().ConfigureAwait(false);
        }

        over.SetResult();
        transport.DialAgain(link);
    }

    private sealed record Ending(LinkDownCause Cause, string Reason);
}
