namespace Cluster.Engine.Actors.Mailboxes;

/// <summary>
/// What actors' runtimes tell each other about life and death. Unbounded, never dropped, handled before the next user message.
/// A message is a link of the list it waits in, so each is sent to one receiver only.
/// </summary>
internal abstract class SystemMessage
{
    internal SystemMessage? Next;
}

internal sealed class CreateSignal : SystemMessage;

internal sealed class SuspendSignal : SystemMessage;

/// <param name="clearsFailure">True for the child whose own failure was judged; false for one suspended along with an ancestor.</param>
internal sealed class ResumeSignal(bool clearsFailure) : SystemMessage
{
    public bool ClearsFailure { get; } = clearsFailure;
}

internal sealed class RecreateSignal(Exception cause) : SystemMessage
{
    public Exception Cause { get; } = cause;
}

internal sealed class StopSignal : SystemMessage;

/// <summary>A child tells its parent that it failed and waits for the verdict.</summary>
internal sealed class FailedSignal(InternalRef child, Exception cause) : SystemMessage
{
    public InternalRef Child { get; } = child;

    public Exception Cause { get; } = cause;
}

internal sealed class WatchSignal(InternalRef watchee, InternalRef watcher) : SystemMessage
{
    public InternalRef Watchee { get; } = watchee;

    public InternalRef Watcher { get; } = watcher;
}

internal sealed class UnwatchSignal(InternalRef watchee, InternalRef watcher) : SystemMessage
{
    public InternalRef Watchee { get; } = watchee;

    public InternalRef Watcher { get; } = watcher;
}

/// <summary>An actor ended: to its parent and to all who watch it.</summary>
internal sealed class DeathSignal(InternalRef dead, bool existenceConfirmed, bool addressTerminated) : SystemMessage
{
    public InternalRef Dead { get; } = dead;

    public bool ExistenceConfirmed { get; } = existenceConfirmed;

    public bool AddressTerminated { get; } = addressTerminated;
}
