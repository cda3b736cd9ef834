namespace Cluster.Engine.Port;

/// <summary>
/// An actor's timers, by key. They end with the actor's restart or stop, and a message of a timer that was cancelled or started anew
/// never arrives, even if it was already in the mailbox.
/// </summary>
public interface ITimers
{
    bool IsActive(object key);

    /// <summary>Sends the message to the actor itself once; replaces the key's timer.</summary>
    void StartSingle(object key, object message, TimeSpan delay);

    /// <summary>Sends the message to the actor itself again and again; at most one waits in the mailbox at a time. Replaces the key's timer.</summary>
    void StartPeriodic(object key, object message, TimeSpan interval);

    void Cancel(object key);

    void CancelAll();
}
