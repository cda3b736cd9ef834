namespace Cluster.Engine.Remoting.Handshakes;

/// <summary>A handshake cannot go on: the message says why, for the log. Thrown only inside the transport.</summary>
/// <param name="cause">What the loss of the connection is put down to.</param>
internal sealed class HandshakeException(LinkDownCause cause, string message) : Exception(message)
{
    public LinkDownCause Cause { get; } = cause;
}
