using Cluster.Node.Resp;

namespace Cluster.Node;

/// <summary>
/// The front doors' end in good order: what was received is answered, what comes later is not taken. So a client that got no answer from a node that ended like
/// this knows that nothing happened, and may ask another node.
/// </summary>
internal sealed class DoorClosing(RespServer resp, TimeProvider time)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(5);

    private volatile bool isClosing;
    private int underWay;

    /// <summary>From now on no HTTP request that is on what the cluster keeps is taken.</summary>
    public bool IsClosing => isClosing;

    /// <summary>An HTTP request that is on what the cluster keeps begins.</summary>
    public void Enter() => Interlocked.Increment(ref underWay);

    /// <summary>It has been answered.</summary>
    public void Leave() => Interlocked.Decrement(ref underWay);

    /// <summary>Closes both doors, and returns when all that was received is answered, or at the end of the patience.</summary>
    public async Task CloseAsync(TimeSpan patience, CancellationToken cancellation)
    {
        isClosing = true;
        resp.Drain();
        var start = time.GetTimestamp();
        while ((!resp.Sessions.IsEmpty || Volatile.Read(ref underWay) > 0) && time.GetElapsedTime(start) < patience)
        {
            await Task.Delay(Poll, time, cancellation).ConfigureAwait(false);
        }
    }
}
