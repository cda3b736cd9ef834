using Microsoft.Extensions.Logging;

namespace Cluster.Engine.Remoting.Tcp;

/// <content>Telling ups and downs, each once, to listeners and log.</content>
public sealed partial class TcpTransport
{
    internal void SayUp(Link link, LinkConnection connection)
    {
        lock (link.Voice)
        {
            link.SaidDown = null;
            Logger.LogInformation("remoting: {Lane} link up: {Local} - {Peer}", link.Lane, local, connection.Peer);
            if (link.Lane == Lane.Interactive)
            {
                Say(new LinkUp(connection.Peer));
            }
        }
    }

    /// <summary>An attempt failed; unless the link came up in the meantime, by the peer's dial, that is a down.</summary>
    private void SayAttemptFailed(Link link, DialFailure failed)
    {
        lock (link.Voice)
        {
            if (link.AttemptFailed(failed.Reason))
            {
                SayDown(link, failed.Cause, failed.Reason);
            }
        }
    }

    internal void SayDown(Link link, LinkDownCause cause, string reason)
    {
        lock (link.Voice)
        {
            if (link.SaidDown == cause)
            {
                return;
            }

            link.SaidDown = cause;
            Logger.LogInformation("remoting: {Lane} link to {Peer} is down ({Cause}): {Reason}", link.Lane, link.Peer?.ToString() ?? link.Address.ToString(), cause, reason);
            if (link.Lane == Lane.Interactive)
            {
                Say(new LinkDown(link.Address, link.Peer?.Name, cause, reason));
            }
        }
    }

    private void Say(LinkEvent happened)
    {
        foreach (var listener in listeners)
        {
            try
            {
                listener(happened);
            }
#pragma warning disable CA1031 // A listener's bug must not end a link.
            catch (Exception bug)
#pragma warning restore CA1031
            {
                Logger.LogError(bug, "remoting: a listener failed on {Event}", happened);
            }
        }
    }
}
