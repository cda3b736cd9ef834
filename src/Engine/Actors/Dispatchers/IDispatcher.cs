namespace Cluster.Engine.Actors.Dispatchers;

/// <summary>Decides on which thread, and in which order, mailboxes that have work are run. It need not know what they are.</summary>
public interface IDispatcher
{
    /// <summary>Runs the item once, soon. The same item is never scheduled again before that run has begun to end.</summary>
    void Schedule(IThreadPoolWorkItem item);

    /// <summary>Ends the dispatcher's own threads once what is scheduled has run; called by the actor system when its last actor has stopped.</summary>
    Task ShutdownAsync();
}
