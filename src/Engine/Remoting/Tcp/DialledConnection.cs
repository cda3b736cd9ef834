using Cluster.Engine.Remoting.Tls;
using Microsoft.AspNetCore.Connections;

namespace Cluster.Engine.Remoting.Tcp;

/// <summary>A connection that this node dialled and therefore disposes of, with the TLS on it where there is some.</summary>
internal sealed class DialledConnection(ConnectionContext context) : IAsyncDisposable
{
    public ConnectionContext Context { get; } = context;

    public SecuredLink? Secured { get; set; }

    public async ValueTask DisposeAsync()
    {
        if (Secured is not null)
        {
            await Secured.DisposeAsync().ConfigureAwait(false);
        }

        await Context.DisposeAsync().ConfigureAwait(false);
    }
}
