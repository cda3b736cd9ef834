using Microsoft.AspNetCore.Connections;

namespace Cluster.Engine.Remoting.Tcp;

/// <summary>Hands the connections of a Kestrel endpoint to the transport: <c>listen.UseConnectionHandler&lt;RemotingConnectionHandler&gt;()</c>, the transport registered as a singleton.</summary>
public sealed class RemotingConnectionHandler(TcpTransport transport) : ConnectionHandler
{
    public override Task OnConnectedAsync(ConnectionContext connection) => transport.AcceptAsync(connection);
}
