using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Cluster.Node.Http;

/// <summary>
/// Bounds one listener's connections. Kestrel's own bound counts all listeners together, remoting's too: then a crowd at this door would keep the other nodes
/// out.
/// </summary>
internal sealed class ConnectionBound(int most)
{
    private int open;

    public void Guard(ListenOptions listen) => listen.Use(next => async connection =>
    {
        try
        {
            if (Interlocked.Increment(ref open) > most)
            {
                connection.Abort(new ConnectionAbortedException($"{most} connections are open already"));
                return;
            }

            await next(connection).ConfigureAwait(false);
        }
        finally
        {
            Interlocked.Decrement(ref open);
        }
    });
}
