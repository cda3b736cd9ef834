using System.Text.Json.Serialization;

namespace Cluster.Engine.Port;

/// <summary>
/// A handle to an actor, here or on another node. Messages arrive at most once and, from one sender to one receiver, in the order they were sent.
/// Two references are equal when path and uid are.
/// </summary>
[JsonConverter(typeof(ActorRefJsonConverter))]
public interface IActorRef
{
    ActorPath Path { get; }

    /// <summary>Puts the message into the actor's mailbox and returns at once. The sender is never implied: pass <c>Self</c> to be answered.</summary>
    void Tell(object message, IActorRef? sender = null);

    /// <summary>
    /// Sends the message from a temporary reference and completes with the first answer. For callers outside actors:
    /// an actor does not wait, it tells and goes on with its next message.
    /// </summary>
    /// <exception cref="AskTimeoutException">No answer came in time.</exception>
    /// <exception cref="InvalidCastException">The answer was of another type.</exception>
    Task<T> Ask<T>(object message, TimeSpan timeout, CancellationToken cancellation = default);

    /// <summary>Passes the message on as if its original sender had sent it here.</summary>
    void Forward(object message, IActorContext context) => Tell(message, context.Sender);
}
