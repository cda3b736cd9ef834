namespace Cluster.Engine.Remoting.Tcp;

/// <summary>A token that is cancelled by the given clock or by the outer token, whichever is first.</summary>
internal sealed class Deadline : IDisposable
{
    private readonly CancellationTokenSource timer;
    private readonly CancellationTokenSource both;

    public Deadline(TimeSpan after, TimeProvider clock, CancellationToken outer)
    {
        timer = new CancellationTokenSource(after, clock);
        both = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, outer);
    }

    public CancellationToken Token => both.Token;

    public void Dispose()
    {
        both.Dispose();
        timer.Dispose();
    }
}
