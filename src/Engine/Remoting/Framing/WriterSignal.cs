using System.Threading.Tasks.Sources;
using Cluster.Engine.Actors.Dispatchers;

namespace Cluster.Engine.Remoting.Framing;

/// <summary>
/// Wakes a link's one writer, without allocating. The writer goes on where the dispatcher says, behind what waits there already, and not inside the sender's
/// call: what more is sent until the writer runs goes out in the same write.
/// </summary>
internal sealed class WriterSignal(IDispatcher dispatcher) : IValueTaskSource, IThreadPoolWorkItem
{
    private ManualResetValueTaskSourceCore<bool> core;

    public void Arm() => core.Reset();

    public void Set() => dispatcher.Schedule(this);

    public ValueTask WaitAsync() => new(this, core.Version);

    public void GetResult(short token) => core.GetResult(token);

    public ValueTaskSourceStatus GetStatus(short token) => core.GetStatus(token);

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        core.OnCompleted(continuation, state, token, flags);

    void IThreadPoolWorkItem.Execute() => core.SetResult(true);
}
