using Cluster.Shared.Wire;

namespace Cluster.Engine.Port;

/// <summary>
/// The cluster's durable, partitioned log, asked from any node: what it acknowledged is on a majority's disks, in one order for each partition, and nobody sees a record before that.
/// A partition is a name that ends in a slash and its number, as <c>orders/3</c>; it begins to be when something is first appended to it.
/// </summary>
/// <remarks>On Akka.NET a partition is a sharded persistent actor whose events are the batches, and a transaction goes to the actor of its placement.</remarks>
public interface IDurableLog
{
    /// <summary>
    /// Asks the shard that holds the partitions of a command, and tells the answer to <paramref name="asker"/>: a <see cref="LogReply"/>, or <see cref="LogUnavailable"/> when there is
    /// no outcome in time. A transaction takes effect at most once, however often it has to be sent, and its partitions must be in one shard: <see cref="LogPlacement.Group"/>. Commands
    /// that are under way at one time may take effect in any order.
    /// </summary>
    /// <param name="isStale">Of a read: answered by what some replica nearby has applied. That is always a whole beginning of the log, and perhaps not yet its end.</param>
    void Tell(LogCommand command, IActorRef asker, bool isStale = false);
}
