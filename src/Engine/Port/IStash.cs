namespace Cluster.Engine.Port;

/// <summary>Sets messages aside that an actor cannot handle yet, and puts them back before everything that waits in the mailbox, oldest first.</summary>
public interface IStash
{
    /// <summary>Messages set aside now.</summary>
    int Count { get; }

    /// <summary>Sets the message in hand aside.</summary>
    /// <exception cref="StashOverflowException">The bound of <see cref="Props.WithStashCapacity"/> is met.</exception>
    /// <exception cref="InvalidOperationException">There is no message in hand, or it is stashed already.</exception>
    void Stash();

    void UnstashAll();
}
