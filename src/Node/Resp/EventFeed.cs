using Cluster.Node.Http;
using Cluster.Node.Resp.Commands;
using Cluster.Node.Resp.Protocol;

namespace Cluster.Node.Resp;

/// <summary>Whether a connection is told the cluster's events, and the telling. Changed on the connection's reading turn, and ended with it.</summary>
internal sealed class EventFeed(Func<RespValue, bool> push) : IDisposable
{
    private CancellationTokenSource? stop;

    /// <summary>Begins, or begins anew, behind an event's number.</summary>
    public void Start(INodeStatus node, ulong after)
    {
        Stop();
        stop = new CancellationTokenSource();
        _ = FollowAsync(node, after, stop.Token);
    }

    public void Stop()
    {
        stop?.Cancel();
        stop?.Dispose();
        stop = null;
    }

    public void Dispose() => Stop();

    private async Task FollowAsync(INodeStatus node, ulong after, CancellationToken stopped)
    {
        try
        {
            await foreach (var told in node.FollowEvents(after, stopped).ConfigureAwait(false))
            {
                push(EventCommands.Describe(told));
            }
        }
        catch (OperationCanceledException)
        {
            // Asked to stop, or the connection ended.
        }
    }
}
