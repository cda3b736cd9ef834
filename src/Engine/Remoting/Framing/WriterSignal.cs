using System.Threading.Tasks.Sources;

namespace Cluster.Engine.Remoting.Framing;

/// <summary>
/// Wakes a link's one writer, without allocating. The writer goes on in the thread pool and not on the sender's thread: the sender must not pay
/// for the socket, and what more is sent until the writer runs goes out in the same write.
/// </summary>
internal sealed class WriterSignal : IValueTaskSource
{
    private ManualResetValueTaskSourceCore<bool> core = new() { RunContinuationsAsynchronously = true };

    public void Arm() => core.Reset();

    public void Set() => core.SetResult(true);

    public ValueTask WaitAsync() => new(this, core.Version);

    public void GetResult(short token) => core.GetResult(token);

    public ValueTaskSourceStatus GetStatus(short token) => core.GetStatus(token);

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        core.OnCompleted(continuation, state, token, flags);
}
