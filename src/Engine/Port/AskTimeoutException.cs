namespace Cluster.Engine.Port;

/// <summary>No answer came in time. Whether the message took effect is not known.</summary>
public sealed class AskTimeoutException(ActorPath target, Type messageType, TimeSpan timeout)
    : TimeoutException($"{target} did not answer {messageType.Name} within {timeout.TotalMilliseconds:0.###} ms")
{
    public ActorPath Target { get; } = target;

    public Type MessageType { get; } = messageType;
}
