using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Cluster.Engine.Remoting.Tcp;

/// <summary>
/// How Kestrel's sockets are set for links. Loops run inline on the thread that the socket completed on: handlers and the write loop do not block,
/// so a hop to another thread would only cost. The read bound limits what is parsed ahead; TCP's window does the rest.
/// </summary>
internal static class ConnectionBuffers
{
    private const int ReadBytes = 1024 * 1024;
    private const int WriteBytes = 256 * 1024;

    public static SocketConnectionFactoryOptions Dialled() => new()
    {
        MaxReadBufferSize = ReadBytes,
        MaxWriteBufferSize = WriteBytes,
        UnsafePreferInlineScheduling = true,
    };

    public static SocketTransportOptions Accepted() => new()
    {
        MaxReadBufferSize = ReadBytes,
        MaxWriteBufferSize = WriteBytes,
        UnsafePreferInlineScheduling = true,
        NoDelay = true,
    };
}
