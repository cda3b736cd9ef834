using Cluster.Node.Resp.Protocol;
using Microsoft.AspNetCore.Connections;

namespace Cluster.Node.Resp;

/// <summary>Accepts RESP connections from Kestrel. Whatever a client sends, the worst that happens is that its own connection ends.</summary>
internal sealed class RespConnectionHandler(RespServer server, RespMetrics metrics, ILogger<RespConnectionHandler> log) : ConnectionHandler
{
    public override async Task OnConnectedAsync(ConnectionContext connection)
    {
        if (server.Draining.IsCancellationRequested)
        {
            return;
        }

        var session = server.Open(connection.RemoteEndPoint?.ToString() ?? "?", connection.LocalEndPoint?.ToString() ?? "?");
        if (session is null)
        {
            new RespWriter(connection.Transport.Output).Error("ERR max number of clients reached");
            await connection.Transport.Output.FlushAsync().ConfigureAwait(false);
            return;
        }

        try
        {
            using var served = new RespConnection(server, session, connection, metrics, log);
            await served.RunAsync().ConfigureAwait(false);
        }
        catch (Exception error) when (error is IOException or ConnectionAbortedException or ConnectionResetException or OperationCanceledException)
        {
            // The client is gone; that is its right.
        }
        catch (Exception error)
        {
            log.LogError(error, "RESP connection {Id} from {Remote} failed and was closed", session.Id, session.Remote);
        }
        finally
        {
            server.Close(session);
        }
    }
}
