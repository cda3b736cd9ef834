using System.Net;
using Cluster.Shared.Ids;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Cluster.Engine.Remoting.Tcp;

/// <summary>
/// A listener without a web host, on Kestrel's socket transport: binds first, so that a port chosen by the system is known before the transport is made, and hands
/// connections over once <see cref="Serve"/> is called.
/// </summary>
public sealed class StandaloneListener : IAsyncDisposable
{
    private readonly IConnectionListener listener;
    private readonly ILogger logger;
    private readonly HashSet<Task> serving = [];
    private Task accepting = Task.CompletedTask;

    private StandaloneListener(IConnectionListener listener, ILogger logger)
    {
        (this.listener, this.logger) = (listener, logger);
        var bound = (IPEndPoint)listener.EndPoint;
        Address = new NodeAddress(bound.Address.ToString(), bound.Port);
    }

    /// <summary>Where it listens.</summary>
    public NodeAddress Address { get; }

    /// <exception cref="IOException">The port is in use or may not be bound.</exception>
    public static async Task<StandaloneListener> BindAsync(IPEndPoint endPoint, ILoggerFactory loggers, CancellationToken cancellation = default)
    {
        var factory = new SocketTransportFactory(Options.Create(ConnectionBuffers.Accepted()), loggers);
        return new StandaloneListener(await factory.BindAsync(endPoint, cancellation).ConfigureAwait(false), loggers.CreateLogger<StandaloneListener>());
    }

    /// <summary>From now on connections go to <paramref name="transport"/>. Call once.</summary>
    public void Serve(TcpTransport transport) => accepting = AcceptAsync(transport);

    /// <summary>Stops listening, then waits for the connections to end: dispose the transport first.</summary>
    public async ValueTask DisposeAsync()
    {
        await listener.UnbindAsync().ConfigureAwait(false);
        await accepting.ConfigureAwait(false);
        Task[] left;
        lock (serving)
        {
            left = [.. serving];
        }

        await Task.WhenAll(left).ConfigureAwait(false);
        await listener.DisposeAsync().ConfigureAwait(false);
    }

    private async Task AcceptAsync(TcpTransport transport)
    {
        while (await listener.AcceptAsync().ConfigureAwait(false) is { } context)
        {
            var served = ServeAsync(transport, context);
            lock (serving)
            {
                serving.RemoveWhere(task => task.IsCompleted);
                serving.Add(served);
            }
        }
    }

    private async Task ServeAsync(TcpTransport transport, ConnectionContext context)
    {
        // The accept loop goes on at once: one connection's handshake must not hold up the next.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            await transport.AcceptAsync(context).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // One connection's failure must not end the listener.
        catch (Exception bug)
#pragma warning restore CA1031
        {
            logger.LogError(bug, "remoting: serving a connection from {Remote} failed", context.RemoteEndPoint);
        }
        finally
        {
            await context.DisposeAsync().ConfigureAwait(false);
        }
    }
}
