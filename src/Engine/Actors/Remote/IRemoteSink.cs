using Cluster.Engine.Port;

namespace Cluster.Engine.Actors.Remote;

/// <summary>
/// The way out of an actor system: takes a message for another node and returns at once. Messages of one sender to one receiver must stay
/// in order; they may be lost.
/// </summary>
public interface IRemoteSink
{
    /// <param name="address">The node.</param>
    /// <param name="to">The receiver's path there, without the node, with a uid if one is meant.</param>
    /// <param name="from">The sender's full path, null for none.</param>
    /// <param name="refusal">Why the message was not taken; it becomes a dead letter with this reason.</param>
    bool TrySend(ActorAddress address, string to, string? from, object message, out string? refusal);
}
